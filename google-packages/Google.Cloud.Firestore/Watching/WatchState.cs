using Grpc.Core;

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
    private (Timestamp ReadTime, byte[]? Token)? awaitingCheck;

    public Func<QuerySnapshot, CancellationToken, Task> Callback { get; } = callback;

    /// <summary>Where a new stream goes on: at the last consistent point.</summary>
    public byte[]? ResumeToken { get; private set; }

    /// <param name="number">The target's, in all messages about it.</param>
    /// <param name="goesOn">Whether it was told where to go on; otherwise all documents come again.</param>
    public void OnStreamOpened(int number, bool goesOn)
    {
        target = number;
        // The emulator may lose what is committed while a target is added: neither is it among the first documents, nor does it
        // come after them.
        isUnchecked = query.Database.Connection.IsEmulator;
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

    public WatchResult Read(ReadOnlySpan<byte> message)
    {
        for (var response = new ProtoReader(message); response.Next();)
        {
            switch (response.Field)
            {
                case 2: return OnTargetChange(response.Message);
                case 3: return OnDocumentChange(response.Message);
                // A document was deleted, or is no result any more.
                case 4: return OnDocumentGone(response.Message, targetsField: 6);
                case 6: return OnDocumentGone(response.Message, targetsField: 2);
                case 5: return OnFilter(response.Message);
            }
        }
        return WatchResult.Continue;
    }

    private WatchResult OnTargetChange(ProtoReader change)
    {
        var (type, cause) = (0, new Status(StatusCode.Unknown, "Unknown cause"));
        List<int> targets = [];
        byte[]? token = null;
        Timestamp? readTime = null;
        while (change.Next())
        {
            switch (change.Field)
            {
                case 1: type = change.Int32; break;
                case 2: change.AddTo(targets); break;
                case 3: cause = ReadStatus(change.Message); break;
                case 4: token = change.Bytes.ToArray(); break;
                case 6: readTime = change.Time; break;
            }
        }
        // Of the target that the stream had before.
        if (targets.Count > 0 && !targets.Contains(target))
            return WatchResult.Continue;
        switch (type)
        {
            case 0 when targets.Count == 0 && readTime is { } time && isCurrent:
                Complete(time, token);
                break;
            case 0 or 1:
                break;
            case WatchTarget.Removed:
                throw new RpcException(cause, $"Server removed target. Code: {cause.StatusCode} Message: {cause.Detail}");
            case 3:
                isCurrent = true;
                break;
            case 4:
                // The emulator resets a target when a document leaves it and when commits come between, and says so before,
                // among or after the documents that it sends again: only a read tells which there are.
                if (query.Database.Connection.IsEmulator)
                    (isUnchecked, isCurrent) = (true, false);
                else
                    Forget();
                return WatchResult.Continue;
            default:
                throw new InvalidOperationException($"Encountered invalid target change type: {type}");
        }
        return token is not null && (targets.Count == 0 || targets.Contains(target)) ? WatchResult.Healthy : WatchResult.Continue;
    }

    private WatchResult OnDocumentChange(ProtoReader change)
    {
        DocumentSnapshot? document = null;
        List<int> targets = [], removed = [];
        while (change.Next())
        {
            switch (change.Field)
            {
                case 1: document = ProtoAnswers.Document(query.Database, change.Message); break;
                case 5: change.AddTo(targets); break;
                case 6: change.AddTo(removed); break;
            }
        }
        if (targets.Contains(target))
            changes[document!.Reference.Path] = document;
        else if (removed.Contains(target))
            changes[document!.Reference.Path] = null;
        return WatchResult.Continue;
    }

    private WatchResult OnDocumentGone(ProtoReader change, int targetsField)
    {
        var name = "";
        List<int> targets = [];
        while (change.Next())
        {
            if (change.Field == 1)
                name = change.String;
            else if (change.Field == targetsField)
                change.AddTo(targets);
        }
        if (targets.Count == 0 || targets.Contains(target))
            changes[name] = null;
        return WatchResult.Continue;
    }

    // How many documents there are at the service: a way to find out that a deletion was missed.
    private WatchResult OnFilter(ProtoReader filter)
    {
        var (of, count) = (target, 0);
        while (filter.Next())
            (of, count) = filter.Field switch { 1 => (filter.Int32, count), 2 => (of, filter.Int32), _ => (of, count) };
        if (of != target || count == documents.CountAfter(changes))
            return WatchResult.Continue;
        Forget();
        return WatchResult.Reset;
    }

    private static Status ReadStatus(ProtoReader status)
    {
        var (code, message) = (StatusCode.Unknown, "");
        while (status.Next())
            (code, message) = status.Field switch { 1 => ((StatusCode)status.Int32, message), 2 => (code, status.String), _ => (code, message) };
        return new(code, message);
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

    private void Complete(Timestamp readTime, byte[]? token)
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
