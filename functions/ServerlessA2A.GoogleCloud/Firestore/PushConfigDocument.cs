using Google.Cloud.Firestore;
using ServerlessA2A.Protocol;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.GoogleCloud.Firestore;

/// <summary>The documents <c>tasks/{id}/pushConfigs/{hash of the configuration's id}</c>.</summary>
internal static class PushConfigDocument
{
    private const string Id = "id";
    private const string Version = "version";
    private const string Config = "config";

    public static CollectionReference CollectionOf(DocumentReference task) => task.Collection("pushConfigs");

    public static DocumentReference Of(DocumentReference task, string configId) => CollectionOf(task).Document(DocumentIds.Of(configId));

    public static Dictionary<string, object> New(PushConfig config, Timestamp keepUntil) => new()
    {
        [Schema.Field] = Schema.Version,
        [Id] = config.Id,
        [Version] = config.Version == ProtocolVersion.V0_3 ? "0.3" : "1.0",
        [Config] = Blob.CopyFrom(ProtocolJson.Write(config.Config)),
        ["expireAt"] = keepUntil,
    };

    public static PushConfig Read(string taskId, DocumentSnapshot document) => new(
        taskId,
        document.GetValue<string>(Id),
        ProtocolJson.Read<TaskPushNotificationConfig>(document.GetValue<Blob>(Config).ByteString.Memory),
        document.GetValue<string>(Version) == "0.3" ? ProtocolVersion.V0_3 : ProtocolVersion.V1_0);
}
