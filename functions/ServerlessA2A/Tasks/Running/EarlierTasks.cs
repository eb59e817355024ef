using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.Tasks.Running;

/// <summary>The earlier tasks of a task's conversation, for the agent's memory.</summary>
internal static class EarlierTasks
{
    /// <summary>
    /// Reads at most <paramref name="count"/> tasks, newest status first, including those that were answered with a message.
    /// </summary>
    public static async ValueTask<IReadOnlyList<A2ATask>> ReadAsync(
        ITaskStore store, TaskSnapshot task, int count, CancellationToken cancellationToken)
    {
        var asked = Math.Clamp(count, 0, RequestValidation.MaxPageSize);
        var query = new TaskQuery
        {
            Owner = task.Owner,
            ContextId = task.Task.ContextId,
            PageSize = asked + 1,
            IncludesReplied = true,
            IsCounted = false,
        };
        var earlier = new List<A2ATask>();
        do
        {
            var page = await store.ListAsync(query, cancellationToken);
            earlier.AddRange(page.Tasks.Where(listed => listed.Id != task.Id).Take(asked).Select(listed => listed.Task));
            query = query with { After = page.Next };
        }
        // One page, which bounds the memory; unless this task, which is the newest, is so large that it filled the page.
        while (earlier.Count == 0 && asked > 0 && query.After is not null);
        return earlier;
    }

    /// <summary>Reads the last checkpoint of the newest completed task; null for none.</summary>
    public static async ValueTask<ReadOnlyMemory<byte>?> ReadCheckpointAsync(
        ITaskStore store, TaskSnapshot task, CancellationToken cancellationToken)
    {
        var query = new TaskQuery
        {
            Owner = task.Owner,
            ContextId = task.Task.ContextId,
            State = TaskState.Completed,
            PageSize = 2,
            IsCounted = false,
        };
        var page = await store.ListAsync(query, cancellationToken);
        return page.Tasks.FirstOrDefault(listed => listed.Id != task.Id)?.Checkpoint;
    }
}
