using System.Collections.Concurrent;
using System.Text;
using ServerlessA2A.Functions.Tests.Support;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Chaos;

/// <summary>What must hold of each webhook when all is over, as its receiver sees it.</summary>
internal static class WebhookVerdict
{
    /// <summary>All that does not hold, in words.</summary>
    public static async Task<IReadOnlyList<string>> OfAsync(WebhookChaosRun run)
    {
        var faults = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(run.Clients, run.Over, async (client, over) =>
        {
            var replay = await run.ReplayAsync(client.TaskId!);
            foreach (var name in client.Later.Append(client.First).Concat(client.Doubtful))
            {
                var told = run.Receiver.Of(name).Told;
                if (client.Doubtful.Contains(name) && told.Count == 0)
                    continue;
                var found = (name == client.First ? OfFirst(told, replay) : OfLater(told, replay)).Concat(OfAny(told)).ToList();
                // What was perhaps not made need not be told to the end.
                if (found.Count > 0 && !client.Doubtful.Contains(name))
                    faults.Add($"{client}: {name}: {string.Join("; ", found)}\nTold:\n{Text(told)}\nThe task's " +
                        $"events:\n{string.Join('\n', replay)}\n{LogOf(run, client.TaskId!)}");
            }
        });
        return [.. faults];
    }

    private static IEnumerable<string> OfAny(IReadOnlyList<ReceivedWebhook> told)
    {
        var first = told.DistinctBy(each => each.Seq).ToList();
        if (!first.Select(each => each.Seq).Order().SequenceEqual(first.Select(each => each.Seq)))
            yield return "first sightings are not in order";
        if (told.GroupBy(each => each.Seq).Any(calls => calls.DistinctBy(each => Convert.ToBase64String(each.Body)).Count() > 1))
            yield return "a repeat is not the same";
        if (first.FindIndex(each => TaskStates.IsTerminal(each.State)) is var end && end != first.Count - 1)
            yield return "the end is not the last";
    }

    private static IEnumerable<string> OfFirst(IReadOnlyList<ReceivedWebhook> told, List<StreamEvent> replay)
    {
        if (!Bodies(told).SequenceEqual(replay.Select(Body)))
            yield return "it was told something else than is streamed";
    }

    /// <summary>It begins with the task as it stands; once more, and further, where that call was lost.</summary>
    private static IEnumerable<string> OfLater(IReadOnlyList<ReceivedWebhook> told, List<StreamEvent> replay)
    {
        var first = told.DistinctBy(each => each.Seq).ToList();
        var tasks = first.TakeWhile(each => each.Json.TryGetProperty("task", out _)).ToList();
        if (tasks.Count == 0)
            yield return "it was not told of the task first";
        else if (!Bodies([.. first.Skip(tasks.Count)]).SequenceEqual(replay.Where(each => each.Id > tasks[^1].Seq).Select(Body)))
            yield return "after the task it was told something else than is streamed";
    }

    private static IEnumerable<string> Bodies(IReadOnlyList<ReceivedWebhook> told) =>
        told.DistinctBy(each => each.Seq).Select(each => $"{each.Seq} {Encoding.UTF8.GetString(each.Body)}");

    private static string Body(StreamEvent streamed) => $$"""{{streamed.Id}} {"{{streamed.Result().Name}}":{{streamed.Result().Value.GetRawText()}}}""";

    private static string Text(IReadOnlyList<ReceivedWebhook> told) =>
        string.Join('\n', told.Select(each => $"{each.Seq} {Encoding.UTF8.GetString(each.Body)}"));

    private static string LogOf(WebhookChaosRun run, string taskId) =>
        string.Join('\n', run.Deployment.Instances.SelectMany(instance => instance.LinesWith(taskId)));
}
