using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Bindings.Harness.Protocols;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Bindings.Streams;

/// <summary>Event streams: their text, their ids, their silences and their ends.</summary>
public sealed class EventStreamTests : IAsyncLifetime
{
    private readonly ManualTimeProvider _time = new();
    private readonly BreakableStore _breakable = new();
    private AgentHost _host = null!;

    public async Task InitializeAsync() => _host = await AgentHost.StartAsync(services => services
        .AddSingleton<TimeProvider>(_time)
        .AddSingleton<ITaskStore>(_breakable.Over));

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task AStreamSaysThatItMustNotBeBufferedOrKept()
    {
        foreach (var wire in Wires())
        {
            using var stream = await wire.StreamAsync("echo:x");

            var response = stream.Response;
            Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.ToString());
            Assert.Equal("no-store, no-cache", response.Headers.CacheControl?.ToString());
            Assert.Equal("no", Assert.Single(response.Headers.GetValues("X-Accel-Buffering")));
            await stream.ReadToEndAsync();
        }
    }

    [Fact]
    public async Task EachEventHasTheNumberOfTheLogAsItsIdAndOneLineOfData()
    {
        foreach (var wire in Wires())
        {
            using var stream = await wire.StreamAsync("echo:x");

            var events = await stream.ReadToEndAsync();

            Assert.Equal(["1", "2", "3", "4"], events.Select(item => item.Id));
            Assert.All(events, item => Assert.Null(item.Name));
            if (wire.IsJsonRpc)
                Assert.All(events, item => Assert.StartsWith("""{"jsonrpc":"2.0","id":7,"result":{""", item.Data, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task JsonWithLineBreaksStaysOnOneLine()
    {
        const string Data = "{\r\n  \"big\": 9007199254740993,\n  \"list\": [ 1,\n 2 ]\n}";
        foreach (var wire in Wires())
        {
            using var stream = await wire.StreamAsync($"data:{Data}");

            var events = await stream.ReadToEndAsync();

            Assert.Contains(events, item => item.Data!.Contains("9007199254740993", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task AReplayGoesOnAfterTheLastEventThatTheClientHas()
    {
        foreach (var wire in Wires())
        {
            var gate = Guid.NewGuid().ToString();
            using var stream = await wire.StreamAsync($"hold:{gate}");
            var first = await stream.ReadAsync();
            var second = await stream.ReadAsync();
            var taskId = wire.EventOf(first!.Json).Content.GetProperty("id").GetString()!;

            using var replay = await wire.SubscribeAsync(taskId, lastEventId: first.Id);
            var replayed = await replay.ReadAsync();
            _host.Agent.Release(gate);

            Assert.Equal(second, replayed);
            Assert.Equal(await stream.ReadToEndAsync(), await replay.ReadToEndAsync());
        }
    }

    [Fact]
    public async Task AReplayOfATaskThatHasEndedSinceHoldsTheRest()
    {
        foreach (var wire in Wires())
        {
            using var stream = await wire.StreamAsync("chunks:5");
            var events = await stream.ReadToEndAsync();
            var taskId = wire.EventOf(events[0].Json).Content.GetProperty("id").GetString()!;

            using var replay = await wire.SubscribeAsync(taskId, lastEventId: "3");

            Assert.Equal(events.Skip(3), await replay.ReadToEndAsync());
        }
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("99999999999999999999")]
    [InlineData("1, 2")]
    public async Task ALastEventIdThatIsNoneOfOursIsRefused(string id)
    {
        foreach (var wire in Wires())
        {
            var taskId = await wire.SendAsync("hold:id", new SendOptions { Wait = false });

            var (_, body) = await _host.Client.ExchangeAsync(wire.SubscribeRequest(taskId).With("Last-Event-ID", id));

            Assert.Contains("\"field\":\"Last-Event-ID\"", body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task ALastEventIdAheadOfTheTaskIsRefused()
    {
        var wire = new HttpJsonWire(_host.Client);
        var taskId = await wire.SendAsync("hold:ahead", new SendOptions { Wait = false });

        var reply = await wire.AskAsync(wire.SubscribeRequest(taskId).With("Last-Event-ID", "100"));

        Assert.Equal("Last-Event-ID", reply.Field);
    }

    [Fact]
    public async Task TwoSubscribersSeeTheSameEventsInTheSameOrderWhateverTheySpeak()
    {
        var gate = Guid.NewGuid().ToString();
        var taskId = await Wires()[0].SendAsync($"hold:{gate}", new SendOptions { Wait = false });
        var streams = new List<SseReader>();
        foreach (var wire in Wires())
        {
            streams.Add(await wire.SubscribeAsync(taskId));
            await streams[^1].ReadAsync();
        }

        _host.Agent.Release(gate);
        var seen = await Task.WhenAll(streams.Select(stream => stream.ReadToEndAsync()));

        Assert.All(seen, events => Assert.Equal(seen[0].Select(item => item.Id).TakeLast(2), events.Select(item => item.Id).TakeLast(2)));
        Assert.All(seen, events =>
            Assert.Equal(events.Select(item => long.Parse(item.Id!, null)).Order(), events.Select(item => long.Parse(item.Id!, null))));
        streams.ForEach(stream => stream.Dispose());
    }

    [Fact]
    public async Task ACommentGoesIntoEachSilenceOf15SecondsAndNotBetweenEventsThatFlow()
    {
        foreach (var wire in Wires())
        {
            var gate = Guid.NewGuid().ToString();
            var taskId = await wire.SendAsync($"hold:{gate}", new SendOptions { Wait = false });
            // Its run has begun, so one event is sent at once: each event restarts the timer, and only the first has no timer before it.
            await _host.Store.WatchUntilAsync(taskId, 0, entry => entry.Last >= 2);
            using var stream = await wire.SubscribeAsync(taskId, lastEventId: "1");
            await stream.ReadAsync();

            for (var i = 0; i < 2; i++)
            {
                await _time.WaitForTimerAsync(TimeSpan.FromSeconds(15));
                _time.Advance(TimeSpan.FromSeconds(15));
                Assert.Equal(new SseEvent(null, null, null, "keep-alive"), await stream.ReadAsync());
            }

            _host.Agent.Release(gate);
            Assert.All(await stream.ReadToEndAsync(), item => Assert.Null(item.Comment));
        }
    }

    [Fact]
    public async Task AStreamEndsCleanlyWhenTheTimeOfItsRequestIsUp()
    {
        foreach (var wire in Wires())
        {
            using var stream = await wire.StreamAsync("hold:too long");
            await stream.ReadAsync();
            await stream.ReadAsync();

            _time.Advance(TimeSpan.FromSeconds(55));

            Assert.All(await stream.ReadToEndAsync(), item => Assert.NotNull(item.Comment));
        }
    }

    [Fact]
    public async Task ASendThatWaitsAnswersWithTheTaskAsItStandsWhenItsTimeIsUp()
    {
        foreach (var wire in Wires())
        {
            var sending = wire.AskAsync(wire.SendRequest("hold:too long", new SendOptions()));
            await _time.WaitForTimerAsync(TimeSpan.FromSeconds(55));

            _time.Advance(TimeSpan.FromSeconds(55));

            var task = wire.TaskOf((await sending).Result);
            Assert.Contains(wire.StateOf(task), new[] { "SUBMITTED", "WORKING" });
        }
    }

    [Fact]
    public async Task AClientThatGoesAwayEndsItsStreamAndNothingElse()
    {
        var gate = Guid.NewGuid().ToString();
        var wire = new JsonRpcWire(_host.Client);
        var before = _time.RunningTimers;
        var taskId = await wire.SendAsync($"hold:{gate}", new SendOptions { Wait = false });
        using var staying = await wire.SubscribeAsync(taskId);
        await staying.ReadAsync();
        // The two of the stream and the run's own, which begins when it likes.
        await Until(() => _time.RunningTimers >= before + 3);
        var timers = _time.RunningTimers;
        var leaving = await wire.SubscribeAsync(taskId);
        await leaving.ReadAsync();

        leaving.Dispose();

        // Its timers go with it: the keep-alive's and the time limit's.
        await Until(() => _time.RunningTimers <= timers);
        _host.Agent.Release(gate);
        var events = await staying.ReadToEndAsync();
        Assert.Equal("COMPLETED", wire.StateOf(wire.EventOf(events[^1].Json).Content));
        Assert.Empty(_host.Log.Errors);
    }

    [Fact]
    public async Task TheFirstEventsComeWithTheHeadOfTheAnswer()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(_host.Address!.Host, _host.Address.Port);
        var stream = client.GetStream();
        const string Body = """{"message":{"messageId":"tcp","role":"ROLE_USER","parts":[{"text":"hold:tcp"}]}}""";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /message:stream HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: " +
            $"{Body.Length}\r\n\r\n{Body}"));

        var buffer = new byte[8192];
        var first = Encoding.UTF8.GetString(buffer, 0, await stream.ReadAsync(buffer));

        Assert.StartsWith("HTTP/1.1 200 OK", first, StringComparison.Ordinal);
        Assert.Contains("id: 1\ndata: {\"task\":", first, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnErrorAfterTheFirstEventBecomesTheLastEvent()
    {
        _host.ErrorsAreExpected = true;
        foreach (var wire in Wires())
        {
            var taskId = await wire.SendAsync("hold:break", new SendOptions { Wait = false });
            using var stream = await wire.SubscribeAsync(taskId);
            var first = await stream.ReadAsync();
            Assert.NotNull(first!.Id);

            _breakable.Break(taskId);
            var last = (await stream.ReadToEndAsync())[^1];

            Assert.Null(last.Id);
            Assert.Equal(wire.IsJsonRpc ? null : "error", last.Name);
            using var response = new HttpResponseMessage(wire.IsJsonRpc ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable);
            response.Content = new StringContent("", Encoding.UTF8);
            response.Content.Headers.ContentType = new("application/json");
            Assert.Equal("UNAVAILABLE", wire.Read(response, last.Data!).Reason);
        }
    }

    [Fact]
    public async Task AThousandEventsComeWholeAndInOrder()
    {
        foreach (var wire in Wires())
        {
            using var stream = await wire.StreamAsync("chunks:1000");

            var events = await stream.ReadToEndAsync();

            var ids = events.ConvertAll(item => long.Parse(item.Id!, null));
            Assert.Equal(ids.Order().Distinct(), ids);
            var chunks = events.Select(item => wire.EventOf(item.Json)).Where(item => item.Kind == "artifactUpdate").ToList();
            var text = string.Concat(
                chunks.SelectMany(chunk => PartsOf(chunk.Content).Select(part => part.GetProperty("text").GetString())));
            Assert.Contains("chunk 0 chunk 1 chunk 2 ", text, StringComparison.Ordinal);
            Assert.Contains("chunk 998 chunk 999 ", text, StringComparison.Ordinal);
        }

        static IEnumerable<System.Text.Json.JsonElement> PartsOf(System.Text.Json.JsonElement update) =>
            update.GetProperty("artifact").GetProperty("parts").EnumerateArray();
    }

    [Fact]
    public async Task StreamsAreRefusedWhereTheCardDoesNotOfferThem()
    {
        await using var host = await AgentHost.StartAsync(("Agent:Streaming", "false"));
        foreach (var wire in new Wire[] { new JsonRpcWire(host.Client), new HttpJsonWire(host.Client), new HttpJsonV03Wire(host.Client) })
        {
            Assert.Equal("UNSUPPORTED_OPERATION", (await wire.AskAsync(wire.StreamRequest("x", new SendOptions()))).Reason);
            Assert.Equal("UNSUPPORTED_OPERATION", (await wire.AskAsync(wire.SubscribeRequest("x"))).Reason);
        }
    }

    [Fact]
    public async Task SubscribingToAFinishedTaskIsRefusedIn1_0AndAnswersTheTaskIn0_3()
    {
        foreach (var wire in Wires())
        {
            var taskId = await wire.SendAsync("echo:x");
            if (wire.IsV1)
            {
                Assert.Equal("UNSUPPORTED_OPERATION", (await wire.AskAsync(wire.SubscribeRequest(taskId))).Reason);
                continue;
            }

            using var stream = await wire.SubscribeAsync(taskId);
            var (kind, task) = wire.EventOf(Assert.Single(await stream.ReadToEndAsync()).Json);
            Assert.Equal("task", kind);
            Assert.Equal("COMPLETED", wire.StateOf(task));
        }
    }

    private static async Task Until(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Guard.Limit);
        while (!condition())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private Wire[] Wires() =>
        [new JsonRpcWire(_host.Client), new HttpJsonWire(_host.Client), new JsonRpcV03Wire(_host.Client),
            new HttpJsonV03Wire(_host.Client)];
}
