using System.Collections.Concurrent;
using System.Text.Json;
using ServerlessA2A.Functions.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Chaos;

/// <summary>What must hold of each task when all is over, as clients see it.</summary>
internal static class Verdict
{
    /// <summary>The request for a list of one task, and the number of all.</summary>
    public const string List = """{"jsonrpc":"2.0","id":1,"method":"ListTasks","params":{"pageSize":1}}""";

    /// <summary>The only reason to fail that the faults explain: five deliveries of its request met instances that were gone.</summary>
    private const string GivenUp = "The task could not be run: every attempt to begin it failed.";

    /// <summary>One task of so many may be given up: it takes several losses in a row.</summary>
    private const int MaxFailedShare = 50;

    /// <summary>So many more with each crash of the database: while it starts, deliveries fail in quick succession.</summary>
    private const int MaxFailedPerRestart = 2;

    /// <summary>All that does not hold, in words.</summary>
    public static async Task<IReadOnlyList<string>> OfAsync(ChaosRun run)
    {
        var faults = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(run.Clients.Where(client => client.TaskId is not null), run.Over, async (client, over) =>
        {
            var task = await run.MessageInstance(0).CallAsync(Requests.Get(client.TaskId!));
            var replay = await run.ReplayAsync(client.TaskId!);
            var found = OfTask(client, task, replay).ToList();
            if (found.Count > 0)
                faults.Add($"{client}: {string.Join("; ", found)}\n{task}\n{string.Join('\n', replay)}\n{LogOf(run, client.TaskId!)}");
        });

        var listed = await run.MessageInstance(0).CallAsync(List);
        if (listed.GetProperty("totalSize").GetInt32() is var total && total != run.Clients.Count)
            faults.Add($"{run.Clients.Count} messages have made {total} tasks.");
        var failed = run.Clients.Where(client => client.State == TaskStates.Failed).Select(client => client.TaskId!).ToList();
        if (failed.Count > (run.Clients.Count / MaxFailedShare) + (MaxFailedPerRestart * run.Restarts.Count))
        {
            var logs = string.Join("\n\n", failed.Select(id => LogOf(run, id)));
            faults.Add($"{failed.Count} tasks were given up: too many for what has gone wrong.\n{logs}");
        }

        return [.. faults];
    }

    private static IEnumerable<string> OfTask(ChaosClient client, JsonElement task, List<StreamEvent> replay)
    {
        var (state, text, replayed) = (task.State(), TextOf(task), replay.ArtifactText());
        var ends = replay.FindAll(
            streamed => streamed.Result() is { Name: "statusUpdate", Value: var update } && TaskStates.IsTerminal(update.State()));
        if (ends is not [var end] || end != replay[^1])
            yield return $"it has ended {ends.Count} times, or something follows its end";
        else if (end.Result().Value.State() != state)
            yield return "its snapshot and its log end otherwise";
        if (replay[0].Id != 1 || replay.Zip(replay.Skip(1)).Any(pair => pair.Second.Id <= pair.First.Id))
            yield return "its events are not in order";
        if (state != client.State)
            yield return "its client was told another end";
        var seen = client.Events.Where(streamed => streamed.Result().Name != "task").ToList();
        if (client.Events.Count > 0 && !client.Plan.GoesAway &&
            !seen.SequenceEqual(replay.Where(streamed => streamed.Id > client.Events[0].Id)))
            yield return $"its client was streamed something else:\n{string.Join('\n', client.Events)}\ninstead of";
        switch (state)
        {
            case TaskStates.Completed when text != client.Plan.Result || replayed != (client.HasAdded ? client.Plan.Adds : text):
                yield return "a chunk is doubled or missing";
                break;
            case TaskStates.Completed when client.HasAdded && !task.GetProperty("artifacts")[1].GetRawText()
                .Contains($"\"{client.Plan.Adds}\"", StringComparison.Ordinal):
                yield return "a message that was accepted was not answered";
                break;
            case TaskStates.Completed when client.HasCanceled:
                yield return "it was canceled";
                break;
            case TaskStates.Completed:
                break;
            case TaskStates.Canceled when client.Plan.CancelsAfter is null:
                yield return "nobody has canceled it";
                break;
            case TaskStates.Canceled when !client.Plan.Result.StartsWith(text, StringComparison.Ordinal) ||
                !client.Plan.Result.StartsWith(replayed, StringComparison.Ordinal):
                yield return "a chunk was doubled or missing when it was canceled";
                break;
            case TaskStates.Canceled:
                break;
            case TaskStates.Failed when task.GetProperty("status").GetRawText().Contains(GivenUp, StringComparison.Ordinal):
                break;
            default:
                yield return "nothing explains its end";
                break;
        }
    }

    private static string TextOf(JsonElement task) =>
        task.TryGetProperty("artifacts", out var artifacts) && artifacts.GetArrayLength() > 0 ? task.ArtifactText()! : "";

    private static string LogOf(ChaosRun run, string taskId) =>
        string.Join('\n', run.Deployment.Instances.SelectMany(instance => instance.LinesWith(taskId)));
}
