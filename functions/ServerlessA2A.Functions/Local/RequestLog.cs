using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using ServerlessA2A.Bindings.Http;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.Functions.Local;

/// <summary>The local host's log of requests: a line for each, when it is answered, and a summary at the end.</summary>
internal sealed class RequestLog(TextWriter output, TimeProvider time, bool isVerbose)
{
    private const string Inspector = "/inspector";

    /// <summary>The most tasks that the summary tells of: what is kept here must not grow with the requests.</summary>
    private const int TasksInSummary = 10_000;

    private readonly long _began = time.GetTimestamp();
    private readonly ConcurrentDictionary<string, TaskState> _tasks = new();
    private int _requests;
    private int _failures;

    /// <summary>Lets a request be handled, and logs it. The inspector's own requests are not logged.</summary>
    public async Task HandleAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Path.StartsWithSegments(Inspector, StringComparison.Ordinal, out var rest) &&
            !rest.StartsWithSegments("/target", StringComparison.Ordinal))
        {
            await next(context);
            return;
        }

        var (began, record) = (time.GetTimestamp(), new OperationRecord());
        context.Features.Set(record);
        var bodies = isVerbose ? RequestBodies.Attach(context) : null;
        try
        {
            await next(context);
            // Some bindings leave the end of a body to the server, which does not know of the one that listens.
            if (bodies is not null)
                await context.Response.BodyWriter.FlushAsync();
        }
        finally
        {
            Count(context, record);
            var line = Line(context, record, time.GetElapsedTime(began));
            await output.WriteLineAsync(bodies is null ? line : line + bodies.Describe());
        }
    }

    /// <summary>Writes how many requests there were, and how their tasks stand.</summary>
    public async Task WriteSummaryAsync(ITaskStore store)
    {
        var states = new List<TaskState>();
        foreach (var (taskId, seen) in _tasks)
            states.Add(await ReadStateAsync(store, taskId) ?? seen);
        var which = states.Count == TasksInSummary ? $"The first {TasksInSummary} tasks" : "Tasks";
        var tasks = states.Count == 0 ? "none" : string.Join(
            ", ", states.CountBy(state => state).OrderBy(count => count.Key).Select(count => $"{count.Value} {Name(count.Key)}"));
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{_requests} requests ({_failures} failed) in {time.GetElapsedTime(_began).TotalSeconds:0} s. {which}: {tasks}."));
    }

    private void Count(HttpContext context, OperationRecord record)
    {
        Interlocked.Increment(ref _requests);
        if (record.Error is not null || context.Response.StatusCode >= StatusCodes.Status400BadRequest)
            Interlocked.Increment(ref _failures);
        if (record is { TaskId: { } taskId, State: { } state } && (_tasks.Count < TasksInSummary || _tasks.ContainsKey(taskId)))
            _tasks[taskId] = state;
    }

    private static string Line(HttpContext context, OperationRecord record, TimeSpan elapsed)
    {
        // As it came, for a line break in a decoded path would begin a line of its own; without the query, which may hold the code of a
        // callback.
        var path = (context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "").Split('?')[0];
        var request = record.Operation ?? $"{context.Request.Method} {path}";
        var task = record.TaskId is null ? "" : $" {record.TaskId} {(record.State is { } state ? Name(state) : "")}";
        var outcome = record.Error is { } error ? $" {error.Name}" : record.Operation is null ? $" {context.Response.StatusCode}" : "";
        var end = context.RequestAborted.IsCancellationRequested ? " (client disconnected)" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{request}{task}{outcome} {elapsed.TotalMilliseconds:0} ms{end}");
    }

    /// <summary>A task that the summary cannot read counts as it was last seen.</summary>
    private static async Task<TaskState?> ReadStateAsync(ITaskStore store, string taskId)
    {
        try
        {
            return (await store.ReadAsync(owner: null, taskId, CancellationToken.None))?.State;
        }
        catch (TaskStoreException)
        {
            return null;
        }
    }

    private static string Name(TaskState state) => TaskStateNames.ToName(state)["TASK_STATE_".Length..];
}
