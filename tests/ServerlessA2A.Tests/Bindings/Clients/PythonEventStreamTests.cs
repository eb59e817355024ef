using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.InMemory;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Bindings.Harness.Protocols;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Bindings.Clients;

/// <summary>Python clients (a2a-sdk 0.3.0 to 0.3.22) parse the data of every event as JSON, also of one that has none.</summary>
public sealed class PythonEventStreamTests : IAsyncLifetime
{
    private readonly ManualTimeProvider _time = new();
    private readonly TaskCompletionSource _runsMayStart = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private AgentHost _host = null!;

    public static TheoryData<string> WireNames => [.. Wires.OfJson];

    public async Task InitializeAsync() => _host = await AgentHost.StartAsync(services => services
        .AddSingleton<TimeProvider>(_time)
        .AddSingleton<ITaskStore>(provider => new InterveningStore(
            provider.GetRequiredService<InMemoryTaskStore>(),
            entry => entry.Events.Any(each => each is RunStarted) ? _runsMayStart.Task : Task.CompletedTask)));

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [MemberData(nameof(WireNames))]
    public async Task SilencesOfASendMakeNoEvents(string wireName)
    {
        var wire = Wires.Of(wireName, _host.Client);
        var gate = Guid.NewGuid().ToString();

        var request = wire.StreamRequest($"hold:{gate}", new SendOptions());
        using var response = await _host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        // The task, in silence. After it the run starts, and the agent answers with an artifact and an end.
        await AssertEveryEventIsJsonAsync(response, gate, count: 4);
    }

    [Theory]
    [MemberData(nameof(WireNames))]
    public async Task SilencesOfASubscriptionMakeNoEvents(string wireName)
    {
        var wire = Wires.Of(wireName, _host.Client);
        var gate = Guid.NewGuid().ToString();
        var taskId = await wire.SendAsync($"hold:{gate}", new SendOptions { Wait = false });
        _runsMayStart.SetResult();

        var request = wire.SubscribeRequest(taskId).With("Last-Event-ID", "1");
        using var response = await _host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        // The start of the run, the artifact and the end.
        await AssertEveryEventIsJsonAsync(response, gate, count: 3);
    }

    /// <summary>
    /// Reads a stream to its end with three silences after its first event. No other event may come before them: each restarts the timer,
    /// and after two it is not known which of them has.
    /// </summary>
    private async Task AssertEveryEventIsJsonAsync(HttpResponseMessage response, string gate, int count)
    {
        var decoder = new HttpxSseDecoder();
        var events = new List<DecodedEvent>();
        var (comments, silences) = (0, 0);
        using var timeout = new CancellationTokenSource(Guard.Limit);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(timeout.Token));
        while (await reader.ReadLineAsync(timeout.Token) is { } line)
        {
            if (decoder.Decode(line) is { } decoded)
                events.Add(decoded);
            if (line.StartsWith(':'))
                comments++;
            if (events.Count == 0 || comments < silences)
                continue;
            if (silences == 3)
            {
                _runsMayStart.TrySetResult();
                _host.Agent.Release(gate);
                continue;
            }

            silences++;
            await _time.WaitForTimerAsync(TimeSpan.FromSeconds(15));
            _time.Advance(TimeSpan.FromSeconds(15));
        }

        Assert.Equal((3, count), (comments, events.Count));
        Assert.All(events, decoded => Assert.Equal(JsonValueKind.Object, decoded.Data.Json().ValueKind));
    }
}
