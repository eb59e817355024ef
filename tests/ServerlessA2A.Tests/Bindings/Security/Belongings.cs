using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Bindings.Harness.Protocols;

namespace ServerlessA2A.Tests.Bindings.Security;

/// <summary>
/// What one caller has: tasks in all states with their contexts, webhooks, messages and page tokens; and the words in them that nobody else
/// may read.
/// </summary>
/// <param name="Secret">It is in each text, each webhook's address and the contexts that are not told.</param>
/// <param name="TaskIds">Ended, asking, and running ones.</param>
/// <param name="ContextIds">Those that the other is told.</param>
/// <param name="MessageIds">Of the messages that made the tasks.</param>
/// <param name="PageTokens">Of this caller's lists.</param>
internal sealed record Belongings(
    string Secret, List<string> TaskIds, List<string> ContextIds, List<string> MessageIds, List<string> PageTokens)
{
    public const string ConfigId = "hook";

    /// <summary>Makes them, by each of the wires.</summary>
    public static async Task<Belongings> MakeAsync(string caller, HttpClient client)
    {
        var belongings = new Belongings($"only-{caller}-may-know-{Guid.NewGuid():N}", [], [], [], []);
        foreach (var wire in Wires.Of(client))
        {
            foreach (var verb in new[] { "echo", "ask", "hold", "fail" })
                await belongings.AddAsync(wire, verb);
        }

        foreach (var wire in Wires.Of(client).Where(wire => wire.CanList))
        {
            var page = await wire.AskAsync(wire.ListRequest(("pageSize", "1")));
            belongings.PageTokens.Add(page["nextPageToken"].GetString()!);
            page = await wire.AskAsync(wire.ListRequest(("pageSize", "1"), ("contextId", $"\"{belongings.ContextIds[^2]}\"")));
            belongings.PageTokens.Add(page["nextPageToken"].GetString()!);
        }

        return belongings;
    }

    /// <summary>
    /// Whether an answer holds what is this caller's, and was not in the question. Contexts and message ids are not looked for: with its
    /// guesses the other makes tasks of its own.
    /// </summary>
    public bool AreIn(string answer, string question) =>
        answer.Contains(Secret, StringComparison.Ordinal) ||
            TaskIds.Any(id => answer.Contains(id, StringComparison.Ordinal) && !question.Contains(id, StringComparison.Ordinal));

    /// <summary>All of it as its owner reads it.</summary>
    public async Task<string> ReadAsync(HttpClient client)
    {
        var wire = new JsonRpcWire(client);
        var all = new List<string>();
        foreach (var taskId in TaskIds)
        {
            all.Add((await client.ExchangeAsync(wire.GetRequest(taskId))).Body);
            all.Add((await client.ExchangeAsync(wire.ListConfigsRequest(taskId))).Body);
        }

        return string.Join('\n', all);
    }

    private async Task AddAsync(Wire wire, string verb)
    {
        // Two of the tasks share a context that the other one is told, so that there is a second page of it.
        var contextId = verb switch
        {
            "echo" => $"context-{Secret}",
            "ask" or "hold" => ContextIds.Count % 2 == 0 ? Guid.NewGuid().ToString() : ContextIds[^1],
            _ => null,
        };
        var options = new SendOptions { ContextId = contextId, Wait = verb != "hold", Webhook = $"https://example.com/{Secret}" };
        var taskId = await wire.SendAsync($"{verb}:{Secret}", options);
        TaskIds.Add(taskId);
        MessageIds.Add(options.MessageId);
        if (verb is "ask" or "hold")
            ContextIds.Add(contextId!);
        Assert.Null((await wire.AskAsync(wire.CreateConfigRequest(taskId, $"https://example.com/{Secret}", ConfigId))).ErrorCode);
    }
}
