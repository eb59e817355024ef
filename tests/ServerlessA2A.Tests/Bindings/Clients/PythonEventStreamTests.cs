using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Bindings.Harness.Protocols;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Bindings.Clients;

/// <summary>Python clients (a2a-sdk 0.3.0 to 0.3.22) parse the data of every event as JSON, also of one that has none.</summary>
public sealed class PythonEventStreamTests : IAsyncLifetime
{
    private readonly ManualTimeProvider _time = new();
    private AgentHost _host = null!;

    public static TheoryData<string> WireNames => [.. Wires.Names];

    public async Task InitializeAsync() => _host = await AgentHost.StartAsync(services => services.AddSingleton<TimeProvider>(_time));

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [MemberData(nameof(WireNames))]
    public async Task SilencesOfASendMakeNoEvents(string wireName)
    {
        var wire = Wires.Of(wireName, _host.Client);
        var gate = Guid.NewGuid().ToString();

        var request = wire.StreamRequest($"hold:{gate}", new SendOptions());
        using var response = await _host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        await AssertEveryEventIsJsonAsync(response, gate, before: 2);
    }

    [Theory]
    [MemberData(nameof(WireNames))]
    public async Task SilencesOfASubscriptionMakeNoEvents(string wireName)
    {
        var wire = Wires.Of(wireName, _host.Client);
        var gate = Guid.NewGuid().ToString();
        var taskId = await wire.SendAsync($"hold:{gate}", new SendOptions { Wait = false });

        var request = wire.SubscribeRequest(taskId).With("Last-Event-ID", "1");
        using var response = await _host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        await AssertEveryEventIsJsonAsync(response, gate, before: 1);
    }

    /// <summary>Reads a stream to its end with three silences in it.</summary>
    private async Task AssertEveryEventIsJsonAsync(HttpResponseMessage response, string gate, int before)
    {
        var decoder = new HttpxSseDecoder();
        var events = new List<DecodedEvent>();
        var (comments, silences) = (0, 0);
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(timeout.Token));
        while (await reader.ReadLineAsync(timeout.Token) is { } line)
        {
            if (decoder.Decode(line) is { } decoded)
                events.Add(decoded);
            if (line.StartsWith(':'))
                comments++;
            if (events.Count < before || comments < silences)
                continue;
            if (silences == 3)
            {
                _host.Agent.Release(gate);
                continue;
            }

            silences++;
            await _time.WaitForTimerAsync(TimeSpan.FromSeconds(15));
            _time.Advance(TimeSpan.FromSeconds(15));
        }

        // The agent answers with an artifact and an end.
        Assert.Equal((3, before + 2), (comments, events.Count));
        Assert.All(events, decoded => Assert.Equal(JsonValueKind.Object, decoded.Data.Json().ValueKind));
    }
}
