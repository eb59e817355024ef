using ServerlessA2A.Protocol;

namespace ServerlessA2A.Tasks;

/// <summary>What an agent can read of its conversation's past.</summary>
internal static class EarlierTasks
{
    /// <summary>So many other tasks of a task's conversation and owner, newest first.</summary>
    public static async ValueTask<IReadOnlyList<A2ATask>> ReadAsync(
        ITaskStore store, TaskSnapshot task, int count, CancellationToken cancellationToken)
    {
        var asked = Math.Clamp(count, 0, RequestValidation.MaxPageSize);
        var query = new TaskQuery { Owner = task.Owner, ContextId = task.Task.ContextId, PageSize = asked + 1, IsCounted = false };
        var earlier = new List<A2ATask>();
        do
        {
            var page = await store.ListAsync(query, cancellationToken);
            earlier.AddRange(page.Tasks.Where(listed => listed.Id != task.Id).Take(asked).Select(listed => listed.Task));
            query = query with { After = page.Next };
        }
        // One page, which is as much as is held at once; unless this task, which is the newest, is so large that it had the page to itself.
        while (earlier.Count == 0 && asked > 0 && query.After is not null);
        return earlier;
    }
}
