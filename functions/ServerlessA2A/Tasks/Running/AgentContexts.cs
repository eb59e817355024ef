using ServerlessA2A.Agents;
using ServerlessA2A.Security;
using ServerlessA2A.Tasks.Callbacks;
using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.Tasks.Running;

/// <summary>What an agent is given when it is run.</summary>
internal static class AgentContexts
{
    /// <summary>The context of a run, as the task is at its begin.</summary>
    public static AgentContext Of(
        TaskSnapshot task, HostedAgent agent, OfferedMessages messages, RunSchedule schedule, string? accessToken, ITaskStore store,
        TaskCallbacks callbacks) =>
        new()
        {
            AgentName = agent.Name,
            TaskId = task.Id,
            ContextId = task.Task.ContextId!,
            Message = task.Request,
            History = task.HistoryOfRun,
            NewMessages = messages,
            Artifacts = task.Task.Artifacts ?? [],
            Deadline = Deadline.Of(task),
            AcceptedOutputModes = task.AcceptedOutputModes ?? [],
            RequestMetadata = task.RequestMetadata,
            Caller = CallerOf(task.Owner, task.Sender),
            NewMessageCallers = message => messages.TryGetSender(message, out var sender) ? CallerOf(task.Owner, sender) : null,
            AllowedSkills = agent.Cards.Skills.Allowed(task.RequestMetadata, task.Sender?.Claims),
            Extensions = task.Extensions,
            AccessToken = accessToken,
            Checkpoint = task.Checkpoint,
            Attempt = task.Attempts,
            HandOverRequested = schedule.HandOverRequested,
            TimeToHandOver = schedule.TimeToHandOver,
            Callbacks = (subject, lifetime) => callbacks.Create(task.Id, agent.Cards, subject, lifetime),
            Webhooks = () => callbacks.CreateWebhook(task.Id, agent.Cards),
            CallbackResults = message => callbacks.Read(task.Id, agent.Cards, message),
            EarlierTasks = (count, cancellationToken) => EarlierTasks.ReadAsync(store, task, count, cancellationToken),
            EarlierCheckpoint = cancellationToken => EarlierTasks.ReadCheckpointAsync(store, task, cancellationToken),
        };

    private static AgentCaller CallerOf(string taskOwner, Sender? sender)
    {
        var owner = Caller.Read(taskOwner);
        return new AgentCaller
        {
            Id = owner.Name,
            Tenant = owner.Tenant,
            Name = Identity.NameIn(owner.Name),
            Scheme = sender?.Scheme,
            Claims = sender?.Claims,
        };
    }
}
