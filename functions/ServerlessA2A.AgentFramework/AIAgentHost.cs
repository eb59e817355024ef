using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using ServerlessA2A.AgentFramework.Questions;
using ServerlessA2A.AgentFramework.Remote;
using ServerlessA2A.AgentFramework.Runs;
using ServerlessA2A.AgentFramework.Sessions;
using ServerlessA2A.Agents;
using ServerlessA2A.Chat.Conversations;
using ServerlessA2A.Protocol.Messages;

namespace ServerlessA2A.AgentFramework;

/// <summary>
/// Hosts an agent of Microsoft Agent Framework. Its session is the task's checkpoint, and the next task of the conversation continues it.
/// </summary>
/// <param name="createAgent">Creates the agent for a run.</param>
/// <param name="services">The services, for remote agents.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed class AIAgentHost(
    Func<AIAgent> createAgent, IServiceProvider services, TimeProvider time, ILogger<AIAgentHost> logger) : IAgent
{
    private static readonly Files Files = new();

    /// <summary>Cancels the tasks of remote agents that the task waited for.</summary>
    public Task CanceledAsync(AgentContext context, CancellationToken cancellationToken) =>
        context.Checkpoint is { } checkpoint && Read(checkpoint, context) is { } state
            ? new RemoteCalls(context, state.Calls, services).CancelAsync(cancellationToken)
            : Task.CompletedTask;

    /// <inheritdoc/>
    public async IAsyncEnumerable<AgentUpdate> RunAsync(AgentContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var state = await ReadAsync(context, cancellationToken);
        var unreadable = new List<UnreadablePartException>();
        var (heard, messages) = Hear(context, state, unreadable);
        if (state.Heard == 0 && unreadable.Count > 0)
        {
            yield return AgentUpdate.Reject(unreadable[0].Message);
            yield break;
        }

        if (unreadable.Count > 0)
        {
            var reasons = string.Join(' ', unreadable.Select(each => each.Message));
            yield return AgentUpdate.Report($"The task continues without what the model cannot read. {reasons}");
        }

        if (heard.Questions.Count > 0 || (heard.IsAnswered && messages.Count == 0))
        {
            var waiting = heard with { Unsaved = messages };
            yield return new SaveCheckpointUpdate(waiting.Write());
            yield return AIAgentRun.Outcome(waiting);
            yield break;
        }

        var session = await OpenAsync(context, heard, cancellationToken);
        Func<Task<HostedSession>>? renew = context.Checkpoint is null && heard.Session is not null
            ? () => HostedSession.OpenAsync(createAgent(), new SavedState(), cancellationToken)
            : null;
        var run = new AIAgentRun(context, session, heard, messages, renew, services, time, logger);
        await foreach (var update in run.StepsAsync(cancellationToken))
            yield return update;
    }

    /// <summary>The state of the task, or the session of the conversation's last completed task.</summary>
    private async Task<SavedState> ReadAsync(AgentContext context, CancellationToken cancellationToken)
    {
        if (context.Checkpoint is { } checkpoint)
            return Read(checkpoint, context) ?? new SavedState();
        var earlier = await context.ReadEarlierCheckpointAsync(cancellationToken);
        return (earlier is { } found ? Read(found, context)?.ForNextTask() : null) ?? new SavedState();
    }

    private SavedState? Read(ReadOnlyMemory<byte> checkpoint, AgentContext context)
    {
        JsonException? fault = null;
        try
        {
            if (SavedState.Read(checkpoint) is { } state)
                return state;
        }
        catch (JsonException broken)
        {
            fault = broken;
        }

        AgentFrameworkLog.CheckpointUnknown(logger, fault, context.TaskId);
        return null;
    }

    private async Task<HostedSession> OpenAsync(AgentContext context, SavedState state, CancellationToken cancellationToken)
    {
        var agent = createAgent();
        try
        {
            return await HostedSession.OpenAsync(agent, state, cancellationToken);
        }
        catch (Exception unreadable) when (state.Session is not null &&
            unreadable is JsonException or InvalidOperationException or ArgumentException or NotSupportedException)
        {
            if (context.Checkpoint is not null)
                throw new AgentException("This version of the agent cannot read the session of the task.", unreadable);
            AgentFrameworkLog.EarlierSessionUnreadable(logger, unreadable, context.TaskId);
            return await HostedSession.OpenAsync(agent, new SavedState(), cancellationToken);
        }
    }

    /// <summary>Takes the client's new messages. If they leave a question open, the state has it.</summary>
    private static (SavedState State, IReadOnlyList<ChatMessage> Messages) Hear(
        AgentContext context, SavedState state, List<UnreadablePartException> unreadable)
    {
        var sent = context.History.Where(message => message.Role == Role.User).Skip(state.Heard).ToList();
        List<ChatMessage> messages = [.. state.Unsaved];
        var (questions, calls) = (state.Questions, state.Calls);
        foreach (var message in sent)
        {
            var isAnswer = questions.Any(question => question.Answer is null) || calls.Any(call => call.IsQuestion);
            if (isAnswer)
            {
                questions = [.. questions.Select(question => question.Hear(message))];
                calls = [.. calls.Select(call => call.Hear(message))];
            }

            var contents = MessageContents.Of(message, isAnswer, Files, unreadable.Add);
            // The answer itself goes to the question; files are added anyway.
            if (isAnswer)
                contents.RemoveAll(content => content is TextContent);
            if (contents.Count > 0)
                messages.Add(new ChatMessage(ChatRole.User, contents) { MessageId = message.MessageId });
        }

        (questions, var answers) = Answers(questions);
        // Before files that came with earlier ones: models require results directly after the calls.
        messages.InsertRange(0, answers);
        var heard = state with
        {
            Heard = state.Heard + sent.Count,
            Questions = questions,
            Calls = calls,
            IsAnswered = state.IsAnswered && sent.Count == 0,
        };
        return (heard, messages);
    }

    /// <summary>The answers for the agent; none while a question is open.</summary>
    private static (IReadOnlyList<Question> Open, IEnumerable<ChatMessage> Answers) Answers(IReadOnlyList<Question> questions)
    {
        List<Question> fitting =
            [.. questions.Select(question => question.HasFittingAnswer() ? question : question with { Answer = null })];
        return fitting.Exists(question => question.Answer is null)
            ? (fitting, [])
            : ([], fitting.GroupBy(question => question.AnswerRole, question => question.ToAnswer())
                .Select(answers => new ChatMessage(answers.Key, [.. answers])));
    }
}
