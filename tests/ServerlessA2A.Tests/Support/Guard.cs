namespace ServerlessA2A.Tests.Support;

/// <summary>Turns a hang into a failure. The limit is generous: on a slow machine a test takes longer, it does not fail.</summary>
public static class Guard
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    /// <summary>The task's result, or a failure that names what did not come.</summary>
    public static async Task<T> WithinLimit<T>(this Task<T> task, string what)
    {
        await ((Task)task).WithinLimit(what);
        return await task;
    }

    /// <inheritdoc cref="WithinLimit{T}"/>
    public static async Task WithinLimit(this Task task, string what)
    {
        if (await Task.WhenAny(task, Task.Delay(Limit)) != task)
            throw new TimeoutException($"Did not happen: {what}.");
        await task;
    }
}
