using System.Text;
using ServerlessA2A.Client.Tests.Support;
using ServerlessA2A.Client.Transports;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tests.Bindings.Harness;

namespace ServerlessA2A.Client.Tests.Streams;

/// <summary>Streams over a network that cuts them at random: no event is lost or repeated.</summary>
public sealed class CutStreamTests : IAsyncLifetime
{
    private const int StreamsOfEach = 250;

    private AgentHost _host = null!;

    public async Task InitializeAsync() => _host = await AgentHost.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [MemberData(nameof(Wire.OverHttp), MemberType = typeof(Wire))]
    public async Task AThousandCutStreamsHaveEachEventOnce(string wire)
    {
        var cuts = 0;
        await Parallel.ForAsync(0, StreamsOfEach, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (seed, cancellationToken) =>
        {
            using var network = new CuttingHandler(seed);
            using var http = new HttpClient(network);
            var options = Wire.Options(wire);
            // Each connection may be cut before it brings anything.
            options.MaxAttempts = 50;
            using var client = new A2AClient(_host.Address!, options, http);

            var items = await client.StreamAsync("chunks:25", cancellationToken).ToListAsync(cancellationToken);

            await CheckAsync(wire, items, seed);
            Interlocked.Add(ref cuts, network.Cuts);
        });

        Assert.True(cuts > StreamsOfEach / 2, $"Only {cuts} connections were cut.");
    }

    [Theory]
    [MemberData(nameof(Wire.OverGrpc), MemberType = typeof(Wire))]
    public async Task CutStreamsOverGrpcLoseAndRepeatNothing(string wire)
    {
        var cuts = 0;
        await Parallel.ForAsync(0, StreamsOfEach, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (seed, cancellationToken) =>
        {
            using var network = new CuttingHandler(seed);
            using var http = new HttpClient(network);
            var options = Wire.Options(wire);
            options.MaxAttempts = 50;
            using var client = Wire.ClientOf(_host, wire, options, http);

            var items = await client.StreamAsync("chunks:25", cancellationToken).ToListAsync(cancellationToken);

            Assert.Equal(string.Concat(Enumerable.Range(0, 25).Select(i => $"chunk {i} ")), Followed.TextOf(items, "text"));
            Assert.Equal(TaskState.Completed, Followed.StateOf(items[^1]));
            Assert.Single(items, each => each.Task is not null);
            Assert.Single(items, each => Followed.IsTerminal(each));
            Interlocked.Add(ref cuts, network.Cuts);
        });

        Assert.True(cuts > StreamsOfEach / 2, $"Only {cuts} connections were cut.");
    }

    /// <summary>Compares with the log, which is read in one piece once the task is over.</summary>
    private async Task CheckAsync(string wire, List<StreamResponse> items, int seed)
    {
        var taskId = items[0].Task!.Id;
        var connection = Connection.To(
            await new A2AClient(_host.Address!, Wire.Options(wire)).GetCardAsync(), _host.Address, Wire.Options(wire), () => _host.Client);
        var log = await connection.Transport
            .StreamAsync(Operations.SubscribeToTask, new SubscribeToTaskRequest { Id = taskId }, "1", CancellationToken.None)
            .Select(each => each.Item).ToListAsync();

        // What came before the first event is in the task that it holds.
        var received = items.Skip(1).Select(Text).ToList();
        Assert.True(received.SequenceEqual(log.Select(Text).TakeLast(received.Count)), $"seed {seed}");
        Assert.Equal(Followed.TextOf(log, "text"), Followed.TextOf(items, "text"));
        Assert.Equal(TaskState.Completed, Followed.StateOf(items[^1]));
    }

    private static string Text(StreamResponse item) => Encoding.UTF8.GetString(ProtocolJson.Write(item));
}
