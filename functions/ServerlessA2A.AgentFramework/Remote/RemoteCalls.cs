using System.Text.Json;
using Microsoft.Extensions.AI;
using ServerlessA2A.Agents;
using ServerlessA2A.Chat.Contents;
using ServerlessA2A.Chat.Tools;

namespace ServerlessA2A.AgentFramework.Remote;

/// <summary>
/// The calls of remote agents in a run. The framework cannot suspend a call: one that is open when the run ends is made again by the next
/// run, before the model is called, and waits for the same task.
/// </summary>
/// <param name="task">The task.</param>
/// <param name="saved">The open calls of the run before.</param>
/// <param name="services">The services, for tools.</param>
internal sealed class RemoteCalls(AgentContext task, IReadOnlyList<RemoteCall> saved, IServiceProvider services)
{
    private static readonly AsyncLocal<RemoteCalls?> Ambient = new();

    private readonly Lock _lock = new();
    private readonly List<RemoteCall> _open = [.. saved];
    private TaskCompletionSource _saving = NewSignal();

    /// <summary>The calls of the run that the current code belongs to; null outside of runs.</summary>
    public static RemoteCalls? Current
    {
        get => Ambient.Value;
        set => Ambient.Value = value;
    }

    /// <summary>
    /// Ends the run when a remote agent asks, as the client's answer comes in another one, or when it works for long. Default: null, where
    /// a run cannot be left; a question is the tool's result then.
    /// </summary>
    public CancellationTokenSource? Stop { get; init; }

    /// <summary>Why the run was ended: a question of a remote agent, or a long task of it. Null where it was not.</summary>
    public ToolInterruptionException? Interruption { get; private set; }

    /// <summary>The calls without a result.</summary>
    public IReadOnlyList<RemoteCall> Open
    {
        get
        {
            lock (_lock)
                return [.. _open];
        }
    }

    /// <summary>Whether a call has progress to save before a step of the run ends.</summary>
    public async Task<bool> SaveBeforeAsync(Task step)
    {
        if (await Task.WhenAny(step, _saving.Task) == step)
            return false;
        _saving = NewSignal();
        return true;
    }

    /// <summary>Makes the open calls again, in their order, and returns their messages.</summary>
    public async Task<IReadOnlyList<ChatMessage>> ResumeAsync(CancellationToken cancellationToken)
    {
        var messages = new List<ChatMessage>();
        foreach (var (call, tool) in Open.Select(open => (open.Call, RemoteAgents.Find(services, open.Call.Name))))
        {
            var result = tool is null
                ? Error($"The program has no remote agent {call.Name} any more.")
                : await InvokeAsync(tool, call, new AIFunctionArguments(call.Arguments), cancellationToken);
            messages.Add(new ChatMessage(ChatRole.Assistant, [call]));
            messages.Add(new ChatMessage(ChatRole.Tool, [new FunctionResultContent(call.CallId, result)]));
        }

        return messages;
    }

    /// <summary>Calls a remote agent. Its failure is an error for the model.</summary>
    public async ValueTask<object?> InvokeAsync(
        AIFunction tool, FunctionCallContent call, AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        var before = Open.FirstOrDefault(open => open.Call.CallId == call.CallId);
        arguments.Services = services;
        arguments.Context = new Dictionary<object, object?>
        {
            [typeof(ToolContext)] = new ToolContext(
                task, call.CallId, before?.Answer, callback: null, before?.Progress, report: _ => { },
                progress => Keep(call, open => open with { Progress = progress, IsQuestion = false }))
            {
                MaySleep = Stop is not null,
                AnswerCount = before?.AnswerCount ?? 0,
            },
        };
        try
        {
            // Not every chat client of the framework takes files in results: the text names them.
            var result = await tool.InvokeAsync(arguments, cancellationToken);
            return result is ToolResult { Json: var json } ? json.GetString() : result;
        }
        catch (ToolInterruptionException interruption) when (Stop is not null)
        {
            Keep(call, open => open with { IsQuestion = interruption.SleepAtMost is null });
            Interruption = interruption;
            await Stop.CancelAsync();
            throw;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && failure is not OutOfMemoryException)
        {
            return Error(failure.Message);
        }
    }

    /// <summary>Cancels the tasks that the open calls waited for.</summary>
    public Task CancelAsync(CancellationToken cancellationToken) => Task.WhenAll(Open.Select(open =>
        RemoteAgents.Find(services, open.Call.Name) is { } tool && open.Progress is { } progress
            ? tool.CancelAsync(progress, cancellationToken)
            : Task.CompletedTask));

    /// <summary>A call has its result.</summary>
    public void End(string callId)
    {
        lock (_lock)
            _open.RemoveAll(open => open.Call.CallId == callId);
    }

    private static JsonElement Error(string message) => ChatJson.ToElement(new Dictionary<string, string> { ["error"] = message });

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Keep(FunctionCallContent call, Func<RemoteCall, RemoteCall> change)
    {
        lock (_lock)
        {
            var index = _open.FindIndex(open => open.Call.CallId == call.CallId);
            if (index >= 0)
                _open[index] = change(_open[index]);
            else
                _open.Add(change(new RemoteCall { Call = call }));
        }

        _saving.TrySetResult();
    }
}
