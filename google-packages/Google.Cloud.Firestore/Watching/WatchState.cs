using Google.Protobuf;
using Google.Protobuf.Collections;
using Grpc.Core;
using static Google.Cloud.Firestore.V1.TargetChange.Types;
using ResponseType = Google.Cloud.Firestore.V1.ListenResponse.ResponseTypeOneofCase;

namespace Google.Cloud.Firestore;

/// <summary>
/// What is known of a target's documents. Messages change them one by one; the results are consistent, and become a
/// snapshot, when the service says that all is current as of a time.
/// </summary>
internal sealed class WatchState(Query query, Func<QuerySnapshot, CancellationToken, Task> callback)
{
    private readonly WatchedDocuments documents = new(query.Shape.Orders);

    // By name; null for a document that is no longer there.
    private readonly Dictionary<string, DocumentSnapshot?> changes = [];
    private int target;
    private bool isCurrent;
    private bool hasSnapshot;
    private QuerySnapshot? snapshot;
    private bool isUnchecked;
    private (Timestamp ReadTime, ByteString? Token)? awaitingCheck;

    public Func<QuerySnapshot, CancellationToken, Task> Callback { get; } = callback;

    /// <summary>Where a new stream goes on: at the last consistent point.</summary>
    public ByteString? ResumeToken { get; private set; }

    /// <param name="number">The target's, in all messages about it.</param>
    /// <param name="goesOn">Whether it was told where to go on; otherwise all documents come again.</param>
    public void OnStreamOpened(int number, bool goesOn)
    {
        target = number;
        // The emulator may lose what is committed while a target is added: neither is it among the first documents, nor does it
        // come after them.
        isUnchecked = query.Database.IsEmulator;
        awaitingCheck = null;
        isCurrent = false;
        if (!goesOn)
            Forget();
    }

    /// <summary>What came after the last consistent point comes again.</summary>
    public void OnStreamBroken() => changes.Clear();

    /// <summary>The snapshot that the last message completed, if it did.</summary>
    public QuerySnapshot? TakeSnapshot()
    {
        var taken = snapshot;
        snapshot = null;
        return taken;
    }

    /// <summary>Whether the first documents are all here, and are to be held against what a read finds.</summary>
    public bool AwaitsCheck => awaitingCheck is not null;

    /// <summary>
    /// Whether a read may have found a part of a commit: something newer than the messages that it is to be held against. Where no two
    /// documents were ever written together, as in a log, one commit is one document.
    /// </summary>
    public bool MayBeInPart(IReadOnlyList<DocumentSnapshot> found)
    {
        return found.Any(document => document.UpdateTime > awaitingCheck!.Value.ReadTime) &&
            documents.ToArray().Concat(changes.Values.OfType<DocumentSnapshot>()).Concat(found)
                .DistinctBy(document => (document.Reference.Path, document.UpdateTime))
                .GroupBy(document => document.UpdateTime).Any(together => together.Count() > 1);
    }

    /// <summary>Goes on with what a read has found; without it where there is none.</summary>
    public void Check(IReadOnlyList<DocumentSnapshot>? found)
    {
        var (readTime, token) = awaitingCheck!.Value;
        awaitingCheck = null;
        isUnchecked = false;
        if (found is not null)
        {
            var names = found.Select(document => document.Reference.Path).ToHashSet();
            foreach (var gone in documents.Names.Concat(changes.Keys).Where(name => !names.Contains(name)).ToArray())
                changes[gone] = null;
            foreach (var document in found)
                changes[document.Reference.Path] = document;
        }
        Complete(readTime, token);
    }

    public WatchResult Read(V1.ListenResponse response) => response.ResponseTypeCase switch
    {
        ResponseType.TargetChange => OnTargetChange(response.TargetChange),
        ResponseType.DocumentChange => OnDocumentChange(response.DocumentChange),
        // A document was deleted, or no longer matches.
        ResponseType.DocumentDelete => OnDocumentGone(response.DocumentDelete.Document, response.DocumentDelete.RemovedTargetIds),
        ResponseType.DocumentRemove => OnDocumentGone(response.DocumentRemove.Document, response.DocumentRemove.RemovedTargetIds),
        ResponseType.Filter => OnFilter(response.Filter),
        _ => WatchResult.Continue,
    };

    private WatchResult OnTargetChange(V1.TargetChange change)
    {
        // Of the target that the stream had before.
        if (change.TargetIds.Count > 0 && !change.TargetIds.Contains(target))
            return WatchResult.Continue;
        switch (change.TargetChangeType)
        {
            case TargetChangeType.NoChange when change.TargetIds.Count == 0 && change.ReadTime is { } time && isCurrent:
                Complete(Timestamp.FromProto(time), change.ResumeToken);
                break;
            case TargetChangeType.NoChange or TargetChangeType.Add:
                break;
            case TargetChangeType.Remove:
                var cause = change.Cause is { } status ? new Status((StatusCode)status.Code, status.Message) : new Status(StatusCode.Unknown, "Unknown cause");
                throw new RpcException(cause, $"Server removed target. Code: {cause.StatusCode} Message: {cause.Detail}");
            case TargetChangeType.Current:
                isCurrent = true;
                break;
            case TargetChangeType.Reset:
                // The emulator resets a target when a document leaves it and when commits come between, and says so before,
                // among or after the documents that it sends again: only a read tells which there are.
                if (query.Database.IsEmulator)
                    (isUnchecked, isCurrent) = (true, false);
                else
                    Forget();
                return WatchResult.Continue;
            default:
                throw new InvalidOperationException($"Encountered invalid target change type: {change.TargetChangeType}");
        }
        return change.ResumeToken.IsEmpty ? WatchResult.Continue : WatchResult.Healthy;
    }

    private WatchResult OnDocumentChange(V1.DocumentChange change)
    {
        if (change.TargetIds.Contains(target))
            // The snapshot that it becomes part of knows the read time.
            changes[change.Document.Name] = DocumentSnapshot.Of(query.Database, change.Document, readTime: default);
        else if (change.RemovedTargetIds.Contains(target))
            changes[change.Document.Name] = null;
        return WatchResult.Continue;
    }

    private WatchResult OnDocumentGone(string name, RepeatedField<int> targets)
    {
        if (targets.Count == 0 || targets.Contains(target))
            changes[name] = null;
        return WatchResult.Continue;
    }

    // How many documents match at the service: a way to find out that a deletion was missed.
    private WatchResult OnFilter(V1.ExistenceFilter filter)
    {
        if ((filter.TargetId != 0 && filter.TargetId != target) || filter.Count == documents.CountAfter(changes))
            return WatchResult.Continue;
        Forget();
        return WatchResult.Reset;
    }

    // Whatever is not sent again is gone.
    private void Forget()
    {
        changes.Clear();
        foreach (var name in documents.Names)
            changes[name] = null;
        ResumeToken = null;
        isCurrent = false;
    }

    private void Complete(Timestamp readTime, ByteString? token)
    {
        if (isUnchecked)
        {
            awaitingCheck = (readTime, token);
            return;
        }
        var applied = documents.Apply(changes, readTime);
        if (applied.Count > 0 || !hasSnapshot)
            snapshot = new(query, documents.ToArray(), applied, readTime);
        hasSnapshot = true;
        changes.Clear();
        ResumeToken = token;
    }
}
