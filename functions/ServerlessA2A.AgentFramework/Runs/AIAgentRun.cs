using System.Runtime.CompilerServices;
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using ServerlessA2A.AgentFramework.Questions;
using ServerlessA2A.AgentFramework.Remote;
using ServerlessA2A.AgentFramework.Sessions;
using ServerlessA2A.AgentFramework.Workflows;
using ServerlessA2A.Agents;
using ServerlessA2A.Chat;
using ServerlessA2A.Chat.Conversations;
using ServerlessA2A.Chat.Models;

namespace ServerlessA2A.AgentFramework.Runs;

/// <summary>One run of a hosted agent on one task, until it has answered or needs the client.</summary>
internal sealed class AIAgentRun
{
    /// <summary>How long the agent may continue after the hand-over request, before the run is left to another one.</summary>
    private static readonly TimeSpan LongestGrace = TimeSpan.FromSeconds(10);

    private readonly AgentContext _task;
    private readonly Func<Task<HostedSession>>? _renew;
    private readonly IServiceProvider _services;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly IReadOnlyList<ChatMessage> _messages;
    private readonly Transcript _transcript;
    private readonly RunOutput _output;
    private readonly List<Question> _questions = [];
    private readonly Continuation? _continuation;
    private HostedSession _session;
    private SavedState _state;
    private bool _hasTurn;

    /// <param name="task">The task.</param>
    /// <param name="session">The agent and its session.</param>
    /// <param name="state">What was saved, with the client's new messages counted in.</param>
    /// <param name="messages">The messages that the agent is given.</param>
    /// <param name="renew">Opens a new session, if that of the earlier task is of no use; null if the session is this task's own.</param>
    /// <param name="services">The services, for remote agents.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    public AIAgentRun(
        AgentContext task, HostedSession session, SavedState state, IReadOnlyList<ChatMessage> messages, Func<Task<HostedSession>>? renew,
        IServiceProvider services, TimeProvider time, ILogger logger)
    {
        (_task, _session, _state, _renew, _services, _time, _logger) = (task, session, state, renew, services, time, logger);
        _transcript = new Transcript(messages, state.BreaksOff);
        if (state.BreaksOff)
        {
            _continuation = new Continuation(messages.Last(message => message.Role == ChatRole.Assistant).Text);
            messages = [.. messages, new ChatMessage(ChatRole.User, Continuation.Request)];
        }

        _messages = messages;
        _output = new RunOutput(task, state, session.IsWorkflow);
        // A workflow that was interrupted has its turn already.
        _hasTurn = messages.Count == 0;
    }

    private TimeSpan Grace => _task.TimeToHandOver / 2 < LongestGrace ? _task.TimeToHandOver / 2 : LongestGrace;

    /// <summary>Runs the agent. It ends with a final update, unless it hands over.</summary>
    /// <exception cref="AgentException">The agent failed.</exception>
    public async IAsyncEnumerable<AgentUpdate> StepsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var leave = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _time);
        await using var handOver = _task.HandOverRequested.UnsafeRegister(
            state => ((CancellationTokenSource)state!).CancelAfter(Grace), leave);
        // Only a conversation can be left amid a run. Others run on, until a step ends or their time is over.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken, _session.IsChat ? leave.Token : CancellationToken.None);
        var calls = new RemoteCalls(_task, _state.Calls, _services) { Stop = _session.IsChat ? stop : null };
        var updates = Begin(calls, stop.Token);
        Task<bool>? moving = null;
        try
        {
            while (true)
            {
                RemoteCalls.Current = calls;
                moving ??= updates.MoveNextAsync().AsTask();
                if (await calls.SaveBeforeAsync(moving))
                {
                    if (_session.IsChat)
                        yield return await SaveUnfinishedAsync(calls, isLeft: false, cancellationToken);
                    continue;
                }

                Exception? failure = null;
                try
                {
                    var isThereMore = await moving;
                    moving = null;
                    if (!isThereMore)
                        break;
                }
                catch (InvalidDataException changed) when (_renew is not null && !_transcript.HasAny)
                {
                    // The workflow has been changed since.
                    AgentFrameworkLog.EarlierSessionUnreadable(_logger, changed, _task.TaskId);
                    await updates.DisposeAsync();
                    _session = await _renew();
                    (updates, moving) = (Begin(calls, stop.Token), null);
                    continue;
                }
                catch (Exception thrown) when (!cancellationToken.IsCancellationRequested && thrown is not OutOfMemoryException)
                {
                    failure = thrown;
                }

                failure ??= _session.IsWorkflow ? WorkflowEvents.FailureOf(updates.Current) : null;
                if (failure is not null)
                {
                    if (_session.IsChat)
                    {
                        var left = await SaveUnfinishedAsync(calls, isLeft: true, cancellationToken);
                        if (calls.Interruption is not { SleepAtMost: not null })
                            yield return left;
                        if (calls.Interruption is { } interruption)
                        {
                            yield return ToolCalls.ToUpdate([interruption], () => left.Data)!;
                            yield break;
                        }
                    }

                    throw stop.IsCancellationRequested ? NotHandedOver() : ToException(failure);
                }

                foreach (var call in updates.Current.Contents.Select(CallIn).OfType<FunctionCallContent>())
                    HalfPairs.Replace(call);
                Align(updates.Current, isFinal: false);
                foreach (var said in Say(updates.Current))
                    yield return said;
                foreach (var result in updates.Current.Contents.OfType<FunctionResultContent>())
                    calls.End(result.CallId);
                if (CanSaveAfter(updates.Current))
                    yield return await SaveUnfinishedAsync(calls, isLeft: false, cancellationToken);
            }
        }
        finally
        {
            if (moving is { IsCompleted: false })
            {
                // The run ends with a checkpoint while a remote agent works.
                await stop.CancelAsync();
                await moving.ContinueWith(_ => { }, TaskScheduler.Default);
            }

            await updates.DisposeAsync();
        }

        // A workflow that is cancelled just ends.
        cancellationToken.ThrowIfCancellationRequested();
        var rest = new AgentResponseUpdate(ChatRole.Assistant, []);
        Align(rest, isFinal: true);
        _transcript.Add(rest);
        foreach (var said in Say(rest).Concat(_output.End(_transcript)))
            yield return said;
        if (_session.IsChat)
        {
            // Only the client can run a tool that the agent merely declares.
            var declared = _transcript.OpenCalls.Where(call => !call.InformationalOnly);
            _questions.AddRange(declared.Select(call => new Question { Request = call }));
        }

        var saved = await _session.SaveAsync(cancellationToken);
        _state = saved with
        {
            Heard = _state.Heard,
            Usage = _state.Usage,
            Questions = _questions,
            IsAnswered = _questions.Count == 0,
            Failure = _output.Failure,
            FinishReason = _output.FinishReason,
        };
        yield return new SaveCheckpointUpdate(_state.Write());
        yield return Outcome(_state);
    }

    private IAsyncEnumerator<AgentResponseUpdate> Begin(RemoteCalls calls, CancellationToken cancellationToken) =>
        UpdatesAsync(calls, cancellationToken).GetAsyncEnumerator(cancellationToken);

    private async IAsyncEnumerable<AgentResponseUpdate> UpdatesAsync(
        RemoteCalls calls, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var resumed = await calls.ResumeAsync(cancellationToken);
        _transcript.Add(resumed);
        foreach (var call in calls.Open)
            calls.End(call.Call.CallId);
        await foreach (var update in _session.RunAsync([.. _messages, .. resumed], _output.Options, cancellationToken))
            yield return update;
    }

    private static FunctionCallContent? CallIn(AIContent content) =>
        (content is ToolApprovalRequestContent approval ? approval.ToolCall : content) as FunctionCallContent;

    /// <summary>Drops words of an answer that broke off, if the model repeats them.</summary>
    private void Align(AgentResponseUpdate update, bool isFinal) =>
        _continuation?.Align(new ChatResponseUpdate(update.Role, update.Contents), isFinal);

    /// <summary>The outcome of a run that was saved.</summary>
    public static AgentUpdate Outcome(SavedState state)
    {
        var open = state.Questions.Where(question => question.Answer is null).ToList();
        if (open.Count > 0)
            return AgentUpdate.Ask([.. open.SelectMany(question => question.ToParts())]) with { Metadata = state.ToMetadata() };
        return state.Failure is { } failure
            ? AgentUpdate.Fail(failure) with { Metadata = state.ToMetadata() }
            : AgentUpdate.Complete() with { Metadata = state.ToMetadata(), GoOnFrom = state.Write() };
    }

    /// <summary>Adds an update to the transcript. True if another run can continue after it.</summary>
    private bool CanSaveAfter(AgentResponseUpdate update)
    {
        var isAfterTools = _transcript.Add(update);
        if (!_session.IsWorkflow)
            return _session.IsChat && isAfterTools;
        _hasTurn |= WorkflowEvents.BeginsTurn(update);
        return _hasTurn && WorkflowEvents.EndsStepBeforeOthers(update);
    }

    private IEnumerable<AgentUpdate> Say(AgentResponseUpdate update)
    {
        if (_session.IsWorkflow && WorkflowEvents.QuestionOf(update) is { } question)
        {
            _questions.Add(question);
            return [];
        }

        foreach (var content in update.Contents)
        {
            if (content is UsageContent usage)
                _state = _state with { Usage = Add(usage.Details, update) };
            // A workflow passes on the requests of its agents itself.
            if (content is ToolApprovalRequestContent && !_session.IsWorkflow)
                _questions.Add(new Question { Request = content });
        }

        return _session.IsWorkflow && WorkflowEvents.EndsStep(update) ? _output.EndStep() : _output.Say(update);
    }

    private UsageTotals Add(UsageDetails usage, AgentResponseUpdate update)
    {
        var model = update.AsChatResponseUpdate().ModelId ?? _state.Usage.Model;
        ChatTelemetry.Used(model, _session.Agent.GetService<AIAgentMetadata>()?.ProviderName, usage);
        return _state.Usage.Plus(usage) with { Calls = _state.Usage.Calls + 1, Model = model };
    }

    private async Task<SaveCheckpointUpdate> SaveUnfinishedAsync(
        RemoteCalls calls, bool isLeft, CancellationToken cancellationToken)
    {
        var saved = await _session.SaveUnfinishedAsync(cancellationToken) with
        {
            Heard = _state.Heard,
            Usage = _state.Usage,
            Unsaved = _session.IsChat ? _transcript.ToMessages() : [],
            Calls = _session.IsChat ? calls.Open : [],
            // A text after the call of a remote agent does not continue: its result comes first.
            BreaksOff = isLeft && _output.IsAmidText && calls.Open.Count == 0,
        };
        return new SaveCheckpointUpdate(saved.Write());
    }

    private AgentException ToException(Exception failure)
    {
        if (failure is AgentException own)
            return own;
        var fault = ModelFaults.ToException(failure);
        if (fault.IsTransient)
            AgentFrameworkLog.RunBrokeOff(_logger, failure, _task.TaskId);
        return new AgentException(
            fault.IsTransient ? fault.Message : "The agent failed; its operator finds the cause in the log, under the task's id.", failure)
        {
            IsTransient = fault.IsTransient,
            Metadata = _state.ToMetadata(),
        };
    }

    /// <summary>The checkpoint ended the run, unless the runner has withdrawn the hand-over request.</summary>
    private static AgentException NotHandedOver() =>
        new("The run requested a hand-over, but was not handed over.") { IsTransient = true };
}
