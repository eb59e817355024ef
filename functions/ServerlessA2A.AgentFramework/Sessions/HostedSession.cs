using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using ServerlessA2A.AgentFramework.Workflows;

namespace ServerlessA2A.AgentFramework.Sessions;

/// <summary>An agent and its session in one run.</summary>
internal sealed class HostedSession
{
    private readonly WorkflowCheckpoints? _checkpoints;
    private readonly AgentSession _session;
    private readonly List<ChatMessage>? _history;

    private HostedSession(AIAgent agent, AgentSession session, WorkflowCheckpoints? checkpoints)
    {
        (Agent, _session, _checkpoints) = (agent, session, checkpoints);
        _history = session.TryGetInMemoryChatHistory(out var history) ? [.. history] : null;
    }

    /// <summary>The agent.</summary>
    public AIAgent Agent { get; }

    /// <summary>Whether the agent hosts a workflow, which continues from its own checkpoints.</summary>
    public bool IsWorkflow => _checkpoints is not null;

    /// <summary>Whether the agent is a conversation with a model, which continues from the messages so far.</summary>
    public bool IsChat => !IsWorkflow && Agent.GetService<IChatClient>() is not null;

    /// <summary>Opens the session that was saved, or a new one.</summary>
    public static async Task<HostedSession> OpenAsync(AIAgent agent, SavedState saved, CancellationToken cancellationToken)
    {
        WorkflowCheckpoints? checkpoints = null;
        if (WorkflowCheckpoints.IsWorkflow(agent))
        {
            checkpoints = new WorkflowCheckpoints(saved.Step);
            agent = checkpoints.Attach(agent);
        }

        var session = saved.Session is { } json
            ? await agent.DeserializeSessionAsync(json, cancellationToken: cancellationToken)
            : await agent.CreateSessionAsync(cancellationToken);
        return new HostedSession(agent, session, checkpoints);
    }

    /// <summary>Runs the agent. Without messages, it continues where a workflow was interrupted.</summary>
    public IAsyncEnumerable<AgentResponseUpdate> RunAsync(
        IReadOnlyList<ChatMessage> messages, AgentRunOptions? options, CancellationToken cancellationToken)
    {
        if (IsWorkflow && messages.Count == 0)
            WorkflowCheckpoints.Resume(_session);
        return Agent.RunStreamingAsync(messages, _session, options, cancellationToken);
    }

    /// <summary>The session after a run, for a checkpoint.</summary>
    public async Task<SavedState> SaveAsync(CancellationToken cancellationToken) => new()
    {
        Session = await Agent.SerializeSessionAsync(_session, cancellationToken: cancellationToken),
        Step = _checkpoints?.Keep(_session),
    };

    /// <summary>The session amid a run, for a checkpoint: without messages of the run, which are saved beside it.</summary>
    public async Task<SavedState> SaveUnfinishedAsync(CancellationToken cancellationToken)
    {
        var saved = await SaveAsync(cancellationToken);
        if (IsWorkflow)
            return saved with { Session = WorkflowCheckpoints.MarkDelivered(saved.Session!.Value) };
        // An agent can be set to store messages after each call of the model instead of at the end.
        if (!_session.TryGetInMemoryChatHistory(out var history) || history.Count == (_history?.Count ?? 0))
            return saved;
        var copy = await Agent.DeserializeSessionAsync(saved.Session!.Value, cancellationToken: cancellationToken);
        copy.SetInMemoryChatHistory(_history ?? []);
        return saved with { Session = await Agent.SerializeSessionAsync(copy, cancellationToken: cancellationToken) };
    }
}
