using Google.Cloud.Firestore;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.GoogleCloud.Firestore;

/// <content>What is due, for sweeps: tasks and webhooks whose moment has passed, in all shards.</content>
internal sealed partial class FirestoreTaskStore
{
    private Shard ShardOf(string taskId) => Shard.Of(taskId, _shards);

    /// <summary>
    /// Reads what is due: at most so many documents, the longest due first. Where more are due, it is one shard's, chosen at random, and
    /// then another's: several sweeps at once meet less often.
    /// </summary>
    private async Task<IReadOnlyList<T>> ListDueAsync<T>(
        string what, Query all, string field, DateTimeOffset until, int count, Func<DocumentSnapshot, T?> read,
        CancellationToken cancellationToken)
        where T : class
    {
        var due = new List<(DateTimeOffset Since, T Item)>();
        var shards = await FindDueAsync(what, all, field, until, cancellationToken);
        Random.Shared.Shuffle(shards);
        foreach (var shard in shards)
        {
            var query = shard;
            IReadOnlyList<DocumentSnapshot> found;
            // Expired documents that TTL has not deleted yet sort first; skip them, and what is of another version or damaged.
            do
            {
                found = await QueryAsync(what, query.Limit(count), cancellationToken);
                foreach (var document in found)
                {
                    if (Shard.TryRead(document, field, out _, out var since) && read(document) is { } item)
                        due.Add((since, item));
                }

                if (found.Count > 0)
                    query = shard.StartAfter(found[^1]);
            }
            while (found.Count == count && due.Count < count);
            if (due.Count >= count)
                break;
        }

        return [.. due.OrderBy(item => item.Since).Take(count).Select(item => item.Item)];
    }

    /// <summary>
    /// For each shard with anything due the query for it. Goes from one shard that is used to the next, one read for each: nobody has to
    /// know how many shards there are or were, and where there is nothing it is one read.
    /// </summary>
    private async Task<Query[]> FindDueAsync(
        string what, Query all, string field, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var due = new List<Query>();
        var inOrder = all.OrderBy(field);
        var next = inOrder.StartAt(TaskDocument.ToTimestamp(DateTimeOffset.MinValue));
        while ((await QueryAsync(what, next.EndBefore(Shard.End).Limit(1), cancellationToken)) is [var first])
        {
            if (!Shard.TryRead(first, field, out var shard, out var since))
            {
                next = inOrder.StartAfter(first);
                continue;
            }

            if (since <= until)
            {
                due.Add(shard is { } its
                    ? inOrder.WhereGreaterThan(field, its.Begin).WhereLessThanOrEqualTo(field, its.At(until))
                    : inOrder.WhereLessThanOrEqualTo(field, TaskDocument.ToTimestamp(until)));
            }

            next = inOrder.StartAt(shard is { } found ? new Shard(found.Number + 1).Begin : new Shard(0).Begin);
        }

        return [.. due];
    }

    /// <summary>The tasks whose moment in a field has passed.</summary>
    private Task<IReadOnlyList<T>> ListDueTasksAsync<T>(
        string what, string field, DateTimeOffset until, int count, Func<DocumentSnapshot, T> read, CancellationToken cancellationToken)
        where T : class => ListDueAsync(
            what, Tasks.Select(TaskDocument.FieldsOfDue(field)), field, until, count, document => UnlessExpired(document, read),
            cancellationToken);

    /// <summary>
    /// Reads a task's document; null if it has expired. Documents of another version are left to that version's sweep, and a damaged
    /// document must not block the others.
    /// </summary>
    private T? UnlessExpired<T>(DocumentSnapshot document, Func<DocumentSnapshot, T> read)
        where T : class
    {
        if (!Schema.IsOurs(document))
            return null;
        try
        {
            return Schema.Read(document, () => TaskDocument.ExpiryOf(document) > _time.GetUtcNow() ? read(document) : null);
        }
        catch (TaskStoreException)
        {
            return null;
        }
    }
}
