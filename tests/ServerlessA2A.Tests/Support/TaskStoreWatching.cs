using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.Tests.Support;

/// <summary>Waits for what a log is to hold, by the store's own watch.</summary>
public static class TaskStoreWatching
{
    /// <summary>The entries after that number, up to and with the first one that is looked for.</summary>
    public static async Task<List<LogEntry>> WatchUntilAsync(this ITaskStore store, string taskId, long after, Func<LogEntry, bool> isLast)
    {
        using var limit = new CancellationTokenSource(Guard.Limit);
        var entries = new List<LogEntry>();
        await foreach (var entry in store.WatchAsync(taskId, after, limit.Token))
        {
            entries.Add(entry);
            if (isLast(entry))
                return entries;
        }

        throw new TimeoutException($"The watch ended without what was looked for, after:\n{Describe.Entries(entries)}");
    }
}
