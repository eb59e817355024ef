using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Chaos;

/// <summary>What must hold of each task when all is over.</summary>
internal static class Verdict
{
    private static readonly string[] FailuresToReckonWith =
    [
        "as planned",
        "The task was begun ",
        "The task could not be run: ",
        "The task was not done within ",
        "The agent did not finish within its limit of ",
    ];

    /// <summary>All that does not hold, in words.</summary>
    public static async Task<IReadOnlyList<string>> OfAsync(Simulation simulation)
    {
        var faults = new List<string>(simulation.Violations);
        foreach (var client in simulation.Clients)
        {
            if (client.TaskId is null)
            {
                faults.Add("A client was never answered.");
                continue;
            }

            var task = simulation.Read(client.TaskId);
            var log = await simulation.Store.WatchUntilAsync(task.Id, 0, entry => entry.Last >= task.Seq);
            var found = OfTask(task, log, client).ToList();
            if (found.Count > 0)
                faults.Add(
                    $"Task {task.Id}: {string.Join("; ", found)}\nThe plan's end: {client.Plan.Stages[^1]}\n{Describe.Entries(log)}");
        }

        return faults;
    }

    private static IEnumerable<string> OfTask(TaskSnapshot task, List<LogEntry> log, Client client)
    {
        if (log[0].First != 1 || log.Zip(log.Skip(1)).Any(pair => pair.Second.First != pair.First.Last + 1))
            yield return "the log has gaps";
        if (log.Sum(entry => entry.Events.Count(taskEvent => taskEvent is StatusChanged { State: var state } && state.IsTerminal())) != 1)
            yield return "it has not ended once";
        if (log[^1].Events[^1] is not StatusChanged { State: var last } || !last.IsTerminal())
            yield return "something follows its end";
        var states = Fold(task, log).ToList();
        if (Describe.Snapshot(states[^1]) != Describe.Snapshot(task))
            yield return $"the log gives\n{Describe.Snapshot(states[^1])}\nand the store holds\n{Describe.Snapshot(task)}";
        foreach (var state in states.Where(state => !client.Plan.Stages.Contains(TextsOf(state))))
            yield return $"at {state.Seq} the artifacts are '{TextsOf(state)}', which no stage of the plan has";
        if (task.State == TaskState.Completed && TextsOf(task) != client.Plan.Stages[^1])
            yield return $"the artifacts are '{TextsOf(task)}'";
        if (task.State == TaskState.Completed && client.Streamed is { } streamed && streamed != client.Plan.Stages[^1])
            yield return $"its client has put together '{streamed}'";
        foreach (var lost in OfMessages(task, log, client))
            yield return lost;
        var reason = task.Task.Status.Message?.Parts[0].Text ?? "";
        if (task.State == TaskState.Failed && !FailuresToReckonWith.Any(one => reason.StartsWith(one, StringComparison.Ordinal)))
            yield return $"it failed: {reason}";
        if (client.HasCanceled && task.State != TaskState.Canceled)
            yield return $"it was canceled and is {task.State}";
        if (client.State.IsTerminal() && client.State != task.State)
            yield return $"its client was told that it is {client.State}, and it is {task.State}";
    }

    /// <summary>Each message that was accepted is in the log once, and has reached the agent once, in a run whose effects stand.</summary>
    private static IEnumerable<string> OfMessages(TaskSnapshot task, List<LogEntry> log, Client client)
    {
        var said = task.Task.History!.Where(message => message.Role == Role.User).Select(message => message.MessageId).ToList();
        var logged = log.SelectMany(entry => entry.Events).Count(taskEvent => taskEvent is MessageReceived or MessageAdded);
        if (said.Distinct().Count() != said.Count || logged != said.Count)
            yield return $"of {logged} messages in the log the history has {string.Join(", ", said)}";
        if (client.Added.Except(said).ToList() is { Count: > 0 } missing)
            yield return $"accepted and not there: {string.Join(", ", missing)}";
        if (task.State != TaskState.Completed)
            yield break;
        var heard = Heard.Ids(task.Task.Artifacts);
        if (!heard.Order().SequenceEqual(said.Skip(1).Order()))
            yield return $"the client has said {string.Join(", ", said.Skip(1))}, and the agent has heard {string.Join(", ", heard)}";
        if (client.Streamed is not null && !heard.SequenceEqual(client.StreamedHeard))
            yield return $"the agent has heard {string.Join(", ", heard)}, and its client was streamed " +
                $"{string.Join(", ", client.StreamedHeard)}";
    }

    private static IEnumerable<TaskSnapshot> Fold(TaskSnapshot task, List<LogEntry> log)
    {
        var state = TaskFold.Begin(task.Owner, task.Retention, log[0]);
        yield return state;
        foreach (var entry in log.Skip(1))
            yield return state = TaskFold.Apply(state, entry);
    }

    private static string TextsOf(TaskSnapshot task) =>
        Plan.Describe((task.Task.Artifacts ?? []).Select(artifact => (artifact.ArtifactId, StreamedArtifacts.TextOf(artifact))));
}
