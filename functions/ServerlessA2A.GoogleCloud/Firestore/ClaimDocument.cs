using Google.Cloud.Firestore;
using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.GoogleCloud.Firestore;

/// <summary>
/// The documents <c>claims/{owner and message id}</c>: the task that an owner created with a message, and the message's content.
/// </summary>
internal static class ClaimDocument
{
    private const string TaskId = "taskId";
    private const string ContentHash = "contentHash";

    public static DocumentReference Of(FirestoreDb database, string owner, string messageId) =>
        database.Collection("claims").Document(DocumentIds.Of(owner, messageId));

    public static Dictionary<string, object> New(Claim claim, Timestamp keepUntil) => new()
    {
        [Schema.Field] = Schema.Version,
        [TaskId] = claim.TaskId,
        [ContentHash] = claim.ContentHash!,
        ["expireAt"] = keepUntil,
    };

    public static Claim Read(DocumentSnapshot document) =>
        new(document.GetValue<string>(TaskId), document.TryGetValue<string>(ContentHash, out var hash) ? hash : null);
}
