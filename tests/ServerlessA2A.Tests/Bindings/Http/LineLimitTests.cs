using System.Text;
using System.Text.Json;
using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Bindings.Harness.Protocols;

namespace ServerlessA2A.Tests.Bindings.Http;

/// <summary>
/// The longest line that published clients read: the Java SDK drops an event above 64 KB, the JavaScript SDK fails above 4 MiB. We stay
/// below 32 KB.
/// </summary>
public sealed class LineLimitTests(AgentHostFixture fixture) : IClassFixture<AgentHostFixture>
{
    private const int Limit = 32 * 1024;

    [Fact]
    public async Task LargeTextArtifactsComeInPiecesThatAddUp()
    {
        foreach (var wire in Wires())
        {
            using var stream = await wire.StreamAsync("long:200000");
            var events = await stream.ReadToEndAsync();
            AssertShort(events);
            Assert.Equal(Enumerable.Range(1, events.Count).Select(number => $"{number}"), events.Select(item => item.Id));
            Assert.Equal(200_000, TextOf(wire, events, "long").Length);

            var taskId = TaskIdOf(wire, events);
            var task = (await wire.AskAsync(wire.GetRequest(taskId))).Result;
            Assert.Equal(200_000, ArtifactOf(task, "long").GetProperty("parts")[0].GetProperty("text").GetString()!.Length);
        }
    }

    [Fact]
    public async Task AResumedStreamNeitherLosesNorRepeatsAPiece()
    {
        foreach (var wire in Wires())
        {
            using var stream = await wire.StreamAsync("long:200000");
            var events = await stream.ReadToEndAsync();
            var taskId = TaskIdOf(wire, events);
            for (var seen = 1; seen < events.Count - 1; seen += 3)
            {
                using var resumed = await wire.SubscribeAsync(taskId, events[seen - 1].Id);
                var rest = await resumed.ReadToEndAsync();
                Assert.Equal(events.Skip(seen).Select(item => item.Id), rest.Select(item => item.Id));
                Assert.Equal(TextOf(wire, events, "long"), TextOf(wire, [.. events.Take(seen), .. rest], "long"));
            }
        }
    }

    [Fact]
    public async Task TheOpeningEventDoesNotEchoALargeMessage()
    {
        foreach (var wire in Wires())
        {
            using var stream = await wire.StreamAsync("echo:" + new string('x', 100_000));
            var events = await stream.ReadToEndAsync();
            AssertShort(events);
            var (kind, task) = wire.EventOf(events[0].Json);
            Assert.Equal("task", kind);
            Assert.False(task.TryGetProperty("history", out _));
        }
    }

    [Fact]
    public async Task TheOpeningEventEchoesASmallMessage()
    {
        foreach (var wire in Wires())
        {
            using var stream = await wire.StreamAsync("echo:x");
            var task = wire.EventOf((await stream.ReadToEndAsync())[0].Json).Content;
            Assert.Equal(1, task.GetProperty("history").GetArrayLength());
        }
    }

    [Fact]
    public async Task AClientThatAsksForHistoryGetsItWhole()
    {
        foreach (var wire in Wires())
        {
            using var stream = await wire.StreamAsync("echo:" + new string('x', 100_000), new SendOptions { HistoryLength = 1 });
            var task = wire.EventOf((await stream.ReadToEndAsync())[0].Json).Content;
            Assert.Equal(1, task.GetProperty("history").GetArrayLength());
        }
    }

    [Fact]
    public async Task ASubscriptionToALargeTaskOpensWithTheTaskAndPieces()
    {
        foreach (var wire in Wires().Where(wire => !wire.IsV1))
        {
            var taskId = await wire.SendAsync("long:200000");
            using var stream = await wire.SubscribeAsync(taskId);
            var events = await stream.ReadToEndAsync();
            AssertShort(events);
            Assert.Equal("task", wire.EventOf(events[0].Json).Kind);
            Assert.Equal(
                ("statusUpdate", "COMPLETED"), (wire.EventOf(events[^1].Json).Kind, wire.StateOf(wire.EventOf(events[^1].Json).Content)));
            Assert.Equal(200_000, TextOf(wire, events, "long").Length);
            Assert.All(events.SkipLast(1), item => Assert.Null(item.Id));
            Assert.NotNull(events[^1].Id);
        }
    }

    /// <summary>Every content with metadata, in a status message and in an artifact: the fault was an empty "raw" beside it.</summary>
    [Fact]
    public async Task PartsWithMetadataAndDataHoldOneContentInEveryAnswer()
    {
        foreach (var wire in Wires())
        {
            using var stream = await wire.StreamAsync("described:hi");
            var events = await stream.ReadToEndAsync();
            var described = TaskIdOf(wire, events);
            using var data = await wire.StreamAsync("""data:{"a":1}""");
            var dataEvents = await data.ReadToEndAsync();
            var answers = events.Concat(dataEvents).Select(item => item.Data!).ToList();
            foreach (var id in new[] { described, TaskIdOf(wire, dataEvents) })
                answers.Add((await wire.AskAsync(wire.GetRequest(id))).Result.GetRawText());
            if (wire.CanList)
                answers.Add((await wire.AskAsync(wire.ListRequest(("includeArtifacts", "true")))).Result.GetRawText());
            foreach (var answer in answers)
                Assert.DoesNotContain(
                    "\"\"", answer.Replace("\"nextPageToken\":\"\"", "", StringComparison.Ordinal), StringComparison.Ordinal);
        }
    }

    private static void AssertShort(List<SseEvent> events) =>
        Assert.All(events, item => Assert.InRange(Encoding.UTF8.GetByteCount(item.Data!), 1, Limit));

    private static string TaskIdOf(Wire wire, List<SseEvent> events) => wire.EventOf(events[0].Json).Content.GetProperty("id").GetString()!;

    /// <summary>What a client has of an artifact that follows the events as the protocol says.</summary>
    private static string TextOf(Wire wire, List<SseEvent> events, string artifactId)
    {
        var text = new StringBuilder();
        foreach (var (kind, content) in events.Select(item => wire.EventOf(item.Json)))
        {
            if (kind != "artifactUpdate" || content.GetProperty("artifact").GetProperty("artifactId").GetString() != artifactId)
                continue;
            if (!content.TryGetProperty("append", out var append) || !append.GetBoolean())
                text.Clear();
            foreach (var part in content.GetProperty("artifact").GetProperty("parts").EnumerateArray())
                text.Append(part.GetProperty("text").GetString());
        }

        return text.ToString();
    }

    private static JsonElement ArtifactOf(JsonElement task, string artifactId) =>
        task.GetProperty("artifacts").EnumerateArray().Single(artifact => artifact.GetProperty("artifactId").GetString() == artifactId);

    private Wire[] Wires() =>
        [new JsonRpcWire(fixture.Host.Client), new HttpJsonWire(fixture.Host.Client), new JsonRpcV03Wire(fixture.Host.Client),
            new HttpJsonV03Wire(fixture.Host.Client)];
}
