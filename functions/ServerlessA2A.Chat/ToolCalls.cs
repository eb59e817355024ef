using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using ServerlessA2A.Agents;
using ServerlessA2A.Chat.Contents;
using ServerlessA2A.Chat.Conversations;
using ServerlessA2A.Chat.Remote;
using ServerlessA2A.Chat.Tools;

namespace ServerlessA2A.Chat;

/// <summary>
/// Runs the tool calls of a model in parallel and adds their results to the conversation. Each result is saved when it is available, so
/// that a finished tool is not called again.
/// </summary>
internal sealed class ToolCalls(
    RunTools tools, IServiceProvider services, ChatAgentOptions options, TimeProvider time, ILogger logger)
{
    private const string InvalidCall = "invalid_call";

    /// <summary>
    /// What the client must answer before the conversation can continue, or that the task sleeps until something happens; null for nothing.
    /// </summary>
    public AgentUpdate? Interruption { get; private set; }

    /// <summary>Runs the open calls. Afterwards all calls have results, or there is an <see cref="Interruption"/>.</summary>
    /// <param name="task">The task.</param>
    /// <param name="conversation">The conversation with the open calls.</param>
    /// <param name="leave">Cancelled when the run must end: unfinished calls are void, and another run repeats them.</param>
    /// <param name="cancellationToken">Cancels the run.</param>
    public async IAsyncEnumerable<AgentUpdate> RunAsync(
        AgentContext task, Conversation conversation, CancellationToken leave, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Interruption = null;
        var calls = conversation.OpenCalls();
        if (calls.Count == 0)
            yield break;
        var events = Channel.CreateUnbounded<ToolEvent>();
        var interruptions = new List<ToolInterruptionException>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(leave, cancellationToken);
        try
        {
            foreach (var call in calls)
                Begin(task, conversation, call, events.Writer, stop.Token);
            for (var left = calls.Count; left > 0;)
            {
                var isOver = !await IsThereMoreAsync(events.Reader, stop.Token);
                cancellationToken.ThrowIfCancellationRequested();
                var isChanged = false;
                while (events.Reader.TryRead(out var next))
                {
                    if (next is ToolEvent.Reported report)
                    {
                        yield return AgentUpdate.Report(report.Progress);
                        continue;
                    }

                    if (next is ToolEvent.Saved saved)
                    {
                        conversation.Keep(saved.CallId, saved.Progress);
                        isChanged = true;
                        continue;
                    }

                    left--;
                    isOver |= next is ToolEvent.Left;
                    if (next is ToolEvent.Interrupted interrupted)
                        interruptions.Add(interrupted.Exception);
                    if (next is not ToolEvent.Ended ended)
                        continue;
                    conversation.Result(ended.CallId, ended.Result.Json, ended.Result.Files);
                    isChanged = true;
                }

                if (isChanged)
                    yield return conversation.Save();
                if (isOver)
                    yield break;
            }
        }
        finally
        {
            // A caller that stops enumerating does not wait for the rest.
            await stop.CancelAsync();
        }

        conversation.Ask(interruptions.Where(interruption => interruption.SleepAtMost is null).Select(question => question.CallId));
        Interruption = ToUpdate(
            [.. calls.SelectMany(call => interruptions.Where(interruption => interruption.CallId == call.CallId))],
            () => conversation.Save().Data);
    }

    /// <summary>
    /// Asks the questions of several tools together: the client's next message answers all of them. Without a question, the task sleeps.
    /// </summary>
    public static AgentUpdate? ToUpdate(IReadOnlyList<ToolInterruptionException> interruptions, Func<ReadOnlyMemory<byte>> checkpoint)
    {
        var questions = interruptions.Where(interruption => interruption.SleepAtMost is null).ToList();
        if (questions.Count == 0)
            return interruptions.Min(interruption => interruption.SleepAtMost) is { } sleep ? AgentUpdate.Sleep(checkpoint(), sleep) : null;
        var question = string.Join('\n', questions.Select(interruption => interruption.Message));
        Protocol.Messages.Part[] parts =
            [Protocol.Messages.Part.FromText(question), .. questions.SelectMany(interruption => interruption.Details)];
        return questions.Exists(interruption => interruption.IsAuthorization)
            ? AgentUpdate.RequireAuthorization(parts)
            : AgentUpdate.Ask(parts);
    }

    private static async Task<bool> IsThereMoreAsync(ChannelReader<ToolEvent> events, CancellationToken stop)
    {
        try
        {
            return await events.WaitToReadAsync(stop);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Runs a tool on its own thread, so that a blocking tool does not hold up others.</summary>
    private void Begin(
        AgentContext task, Conversation conversation, FunctionCallContent call, ChannelWriter<ToolEvent> events, CancellationToken stop)
    {
        var context = new ToolContext(
            task, call.CallId, conversation.AnswerTo(call.CallId), conversation.CallbackTo(ToolContext.SubjectOf(call.CallId)),
            conversation.ProgressOf(call.CallId),
            progress => events.TryWrite(new ToolEvent.Reported(progress)),
            progress => events.TryWrite(new ToolEvent.Saved(call.CallId, progress)))
        {
            AnswerCount = conversation.AnswerCountOf(call.CallId),
        };
        _ = Task.Run(async () =>
        {
            try
            {
                events.TryWrite(await CallAsync(call, context, stop));
            }
            catch (Exception failure)
            {
                // Ends the run, which would wait for an event of this call: memory was exhausted.
                events.TryComplete(failure);
            }
        }, CancellationToken.None);
    }

    private async Task<ToolEvent> CallAsync(FunctionCallContent call, ToolContext context, CancellationToken stop)
    {
        var begun = Stopwatch.GetTimestamp();
        using var span = ChatTelemetry.StartTool(call.Name, call.CallId);
        ToolEvent next;
        try
        {
            next = await InvokeAsync(call, context, stop);
        }
        catch (Exception unreadable) when (unreadable is not OutOfMemoryException)
        {
            // Without an event of this call, this run and each that follows would wait until it hands over.
            ChatLog.ToolFailed(logger, unreadable, context.Agent.TaskId, call.Name);
            next = Failed(call, "The arguments cannot be read: give valid JSON without repeated names.", InvalidCall);
        }

        var error = next switch
        {
            ToolEvent.Ended ended => ended.Error,
            ToolEvent.Left => "left",
            _ => null,
        };
        ChatTelemetry.EndTool(span, Stopwatch.GetElapsedTime(begun), error);
        return next;
    }

    private async Task<ToolEvent> InvokeAsync(FunctionCallContent call, ToolContext context, CancellationToken stop)
    {
        if (stop.IsCancellationRequested)
            return new ToolEvent.Left();
        if (call.Name == AskUserTool.Name)
        {
            return AskUserTool.QuestionOf(call) is { } question
                ? new ToolEvent.Interrupted(new ToolInterruptionException(call.CallId, question, isAuthorization: false))
                : Failed(call, "The question is missing.", InvalidCall);
        }

        if (!tools.ByName.TryGetValue(call.Name, out var tool))
            return Failed(call, tools.Without(call.Name), InvalidCall);
        var (arguments, fault) = WholeNumbers.Restore(call.Arguments, tool.JsonSchema);
        if (fault is not null)
            return Failed(call, fault, InvalidCall);
        arguments.Services = services;
        arguments.Context = new Dictionary<object, object?> { [typeof(ToolContext)] = context };
        // Another agent may work for days; what waits for it hands over with the run.
        using var limit = new CancellationTokenSource(
            tool is RemoteAgentTool ? Timeout.InfiniteTimeSpan : options.ToolTimeLimit, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            var result = await Task.Run(() => tool.InvokeAsync(arguments, end.Token).AsTask(), end.Token).WaitAsync(end.Token);
            // JSON is rewritten too: without whitespace, and so that unserializable values fail here.
            var ended = result as ToolResult ?? ToolResult.Of(
                JsonSerializer.SerializeToElement(result, result is JsonElement ? ChatJson.Options : tool.JsonSerializerOptions));
            // Another agent's text names its files, and its work is not to be lost for one of them.
            if (tool is RemoteAgentTool) ended = ended.Fit(options.MaxToolResultLength);
            return ended.Length <= options.MaxToolResultLength
                ? new ToolEvent.Ended(call.CallId, ended)
                : Failed(call, $"The result is longer than {options.MaxToolResultLength} characters: ask for less.", "result_too_long");
        }
        catch (ToolInterruptionException interruption)
        {
            return new ToolEvent.Interrupted(interruption);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            ChatLog.ToolTimedOut(logger, context.Agent.TaskId, call.Name, options.ToolTimeLimit);
            return Failed(call, $"The tool did not end within {options.ToolTimeLimit.TotalSeconds:0.###} s.", "timeout");
        }
        catch (Exception failure) when (!stop.IsCancellationRequested && failure is not OutOfMemoryException)
        {
            ChatLog.ToolFailed(logger, failure, context.Agent.TaskId, call.Name);
            return Failed(call, failure.Message, failure.GetType().Name);
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            return new ToolEvent.Left();
        }
    }

    private static ToolEvent.Ended Failed(FunctionCallContent call, string error, string type) =>
        new(call.CallId, ToolResult.Error(error)) { Error = type };

    /// <summary>The result of a call.</summary>
    private abstract record ToolEvent
    {
        public sealed record Reported(string Progress) : ToolEvent;

        public sealed record Saved(string CallId, string Progress) : ToolEvent;

        public sealed record Interrupted(ToolInterruptionException Exception) : ToolEvent;

        public sealed record Ended(string CallId, ToolResult Result) : ToolEvent
        {
            /// <summary>The kind of failure, for telemetry; null for none.</summary>
            public string? Error { get; init; }
        }

        /// <summary>No result: the run ends, and another one repeats the call.</summary>
        public sealed record Left : ToolEvent;
    }
}
