using System.Diagnostics;
using System.Globalization;
using System.Net;
using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Bindings.Harness.Protocols;
using Xunit.Abstractions;

namespace ServerlessA2A.Tests.Bindings.Security;

/// <summary>
/// Two callers who know each other's ids and tokens, and one caller at two agents: neither reads, changes or ends anything of the other,
/// and what is another's answers as what is not there.
/// </summary>
/// <remarks>
/// How long both answers take is measured in ServerlessA2A.Benchmarks. HAMMER_SECONDS=60 goes on for a minute instead of some thousand
/// requests.
/// </remarks>
public sealed class IsolationTests(ITestOutputHelper output)
{
    private const int Requests = 2_000;
    private const int Seed = 20261126;

    /// <summary>In place of an id, where two answers are compared.</summary>
    private const string AnyId = "<id>";

    public static TheoryData<Sides> AllSides => [.. Enum.GetValues<Sides>()];

    public static TheoryData<Sides, string> SidesAndWires
    {
        get
        {
            var all = new TheoryData<Sides, string>();
            foreach (var sides in Enum.GetValues<Sides>())
            {
                foreach (var wire in Wires.Names)
                    all.Add(sides, wire);
            }

            return all;
        }
    }

    /// <summary>Who is apart from whom.</summary>
    public enum Sides
    {
        /// <summary>Two callers of the agent at /.</summary>
        Callers,

        /// <summary>One caller at two agents with a name.</summary>
        Agents,

        /// <summary>One caller at the agent at / and at another.</summary>
        TheDefaultAgentAndAnother,
    }

    [Theory]
    [MemberData(nameof(AllSides))]
    public async Task NothingOfAnotherIsEverSeenOrChangedHoweverMuchIsGuessed(Sides sides)
    {
        await using var host = await StartAsync();
        using var alice = One(host, sides);
        using var bob = Other(host, sides);
        var (alices, bobs) = (await Belongings.MakeAsync("alice", alice), await Belongings.MakeAsync("bob", bob));
        var before = (Alice: await alices.ReadAsync(alice), Bob: await bobs.ReadAsync(bob));
        // Each sees what is theirs: else there would be nothing to be seen.
        Assert.True(alices.AreIn(before.Alice, "") && bobs.AreIn(before.Bob, ""));
        Assert.False(alices.AreIn(before.Bob, "") || bobs.AreIn(before.Alice, ""));

        var statuses = (
            await Task.WhenAll(HammerAsync(alice, bobs, Seed), HammerAsync(bob, alices, Seed + 1), HammerAsync(alice, bobs, Seed + 2),
            HammerAsync(bob, alices, Seed + 3)))
            .SelectMany(each => each).GroupBy(each => each.Key).ToDictionary(each => each.Key, each => each.Sum(count => count.Value));

        output.WriteLine(string.Join(' ', statuses));
        Assert.Equal(before, (await alices.ReadAsync(alice), await bobs.ReadAsync(bob)));
        Assert.All(statuses, status =>
            Assert.True(status.Key is HttpStatusCode.OK or HttpStatusCode.NotFound or HttpStatusCode.BadRequest, $"{status}"));
        Assert.True(statuses[HttpStatusCode.NotFound] > Requests / 2, string.Join(' ', statuses));
        foreach (var secret in new[] { alices.Secret, bobs.Secret, KnownCallers.KeyOf("alice"), KnownCallers.KeyOf("bob") })
            Assert.DoesNotContain(host.Log.Events, logged => logged.Text.Contains(secret, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(SidesAndWires))]
    public async Task WhatIsAnothersAnswersByteForByteAsWhatIsNotThere(Sides sides, string wireName)
    {
        await using var host = await StartAsync();
        using var alice = One(host, sides);
        using var bob = Other(host, sides);
        var (alices, wire) = (await Belongings.MakeAsync("alice", alice), Wires.Of(wireName, bob));
        var own = await wire.SendAsync("echo:mine");
        var options = new SendOptions { MessageId = "m" };

        foreach (var taskId in alices.TaskIds)
        {
            await AssertAlikeAsync(bob, taskId, id => wire.GetRequest(id));
            await AssertAlikeAsync(bob, taskId, id => wire.GetRequest(id, "0"));
            await AssertAlikeAsync(bob, taskId, wire.CancelRequest);
            await AssertAlikeAsync(bob, taskId, wire.SubscribeRequest);
            await AssertAlikeAsync(bob, taskId, id => wire.SubscribeRequest(id).With("Last-Event-ID", "1"));
            await AssertAlikeAsync(bob, taskId, id => wire.SubscribeRequest(id).With("Last-Event-ID", "999999"));
            await AssertAlikeAsync(bob, taskId, id => wire.SendRequest("mine", options with { TaskId = id }));
            await AssertAlikeAsync(
                bob, taskId, id => wire.SendRequest("mine", options with { TaskId = id, ContextId = alices.ContextIds[0] }));
            await AssertAlikeAsync(
                bob, taskId, id => wire.SendRequest("mine", options with { TaskId = id, MessageId = alices.MessageIds[0] }));
            await AssertAlikeAsync(bob, taskId, id => wire.StreamRequest("mine", options with { TaskId = id }));
            await AssertAlikeAsync(bob, taskId, id => wire.CreateConfigRequest(id, "https://example.com/", Belongings.ConfigId));
            await AssertAlikeAsync(bob, taskId, id => wire.GetConfigRequest(id, Belongings.ConfigId));
            await AssertAlikeAsync(bob, taskId, wire.ListConfigsRequest);
            await AssertAlikeAsync(bob, taskId, id => wire.DeleteConfigRequest(id, Belongings.ConfigId));
        }

        await AssertAlikeAsync(bob, Belongings.ConfigId, id => wire.GetConfigRequest(own, id));
        foreach (var contextId in wire.CanList ? alices.ContextIds : [])
            await AssertAlikeAsync(bob, contextId, id => wire.ListRequest(("contextId", $"\"{id}\"")));
        foreach (var token in wire.CanList ? alices.PageTokens : [])
        {
            await AssertAlikeAsync(bob, token, id => wire.ListRequest(("pageSize", "1"), ("pageToken", $"\"{id}\"")));
            await AssertAlikeAsync(
                bob, token, id =>
                wire.ListRequest(("pageSize", "1"), ("pageToken", $"\"{id}\""), ("contextId", $"\"{alices.ContextIds[0]}\"")));
        }
    }

    /// <summary>A client that sends a message again gets the task that it made; with another's message id it gets one of its own.</summary>
    [Theory]
    [MemberData(nameof(SidesAndWires))]
    public async Task MessageIdsAndContextsAreEachCallersOwn(Sides sides, string wireName)
    {
        await using var host = await StartAsync();
        using var alice = One(host, sides);
        using var bob = Other(host, sides);
        var (alices, bobs) = (Wires.Of(wireName, alice), Wires.Of(wireName, bob));
        var options = new SendOptions { MessageId = "the-same", ContextId = "the-same" };

        var (hers, his) = (await alices.SendAsync("echo:hers", options), await bobs.SendAsync("echo:his", options));

        Assert.NotEqual(hers, his);
        Assert.Equal((hers, his), (await alices.SendAsync("echo:hers", options), await bobs.SendAsync("echo:his", options)));
        foreach (var (wire, taskId) in alices.CanList ? [(alices, hers), (bobs, his)] : Array.Empty<(Wire, string)>())
        {
            var page = await wire.AskAsync(wire.ListRequest(("contextId", "\"the-same\"")));
            Assert.Equal(taskId, Assert.Single(page["tasks"].EnumerateArray()).GetProperty("id").GetString());
            Assert.Equal(1, page["totalSize"].GetInt32());
        }
    }

    private static Task<AgentHost> StartAsync() =>
        AgentHost.StartAsync(
            AgentHost.WithAgents("weather", "news"),
            [.. KnownCallers.Settings, ("Limits:RequestsPerSecond", "0"), ("Http:RequestTimeLimit", "00:00:02"),
            ("InMemory:MaxTasks", "1000000"),
            ("Agents:weather:PushNotifications", "true")]);

    private static HttpClient One(AgentHost host, Sides sides) =>
        sides == Sides.Agents ? host.ClientAt("weather", "alice") : host.ClientOf("alice");

    private static HttpClient Other(AgentHost host, Sides sides) =>
        sides == Sides.Callers ? host.ClientOf("bob") : host.ClientAt("news", "alice");

    /// <summary>Tries what is another's; returns how often there was which status.</summary>
    private static async Task<Dictionary<HttpStatusCode, int>> HammerAsync(HttpClient client, Belongings others, int seed)
    {
        var duration = Environment.GetEnvironmentVariable("HAMMER_SECONDS") is { Length: > 0 } seconds
            ? TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture))
            : (TimeSpan?)null;
        var (began, guesses, wires, statuses) = (
            Stopwatch.GetTimestamp(), new Guesses(others, seed), Wires.Of(client), new Dictionary<HttpStatusCode, int>());
        for (var i = 0; duration is null ? i < Requests : Stopwatch.GetElapsedTime(began) < duration; i++)
        {
            var request = guesses.Next(wires[i % wires.Count]);
            var question =
                $"{request.Method} {request.RequestUri} {(request.Content is null ? "" : await request.Content.ReadAsStringAsync())}";
            var (response, body) = await client.ExchangeAsync(request);
            Assert.False(others.AreIn($"{response.Headers}{body}", question), $"{question}\n{body}");
            statuses[response.StatusCode] = statuses.GetValueOrDefault(response.StatusCode) + 1;
        }

        return statuses;
    }

    /// <summary>Asserts that an id that is another's is answered as one that is nobody's.</summary>
    private static async Task AssertAlikeAsync(HttpClient client, string theirs, Func<string, HttpRequestMessage> request)
    {
        var nobodys = new string([.. theirs.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter is '0' ? '1' : '0' : letter)]);
        var answers = (
            Theirs: await AnswerAsync(client, request(theirs), theirs), Nobodys: await AnswerAsync(client, request(nobodys), nobodys));

        Assert.Equal(answers.Nobodys, answers.Theirs);
        Assert.True(answers.Theirs.Length > 10 && !answers.Theirs.Contains("INTERNAL", StringComparison.Ordinal), answers.Theirs);
    }

    private static async Task<string> AnswerAsync(HttpClient client, HttpRequestMessage request, string id)
    {
        var (response, body) = await client.ExchangeAsync(request);
        response.Headers.Date = null;
        return $"{response.StatusCode} {response.Headers} {response.Content.Headers} {body}".Replace(id, AnyId, StringComparison.Ordinal);
    }
}
