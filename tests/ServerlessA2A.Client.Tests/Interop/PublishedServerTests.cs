using ServerlessA2A.Client.Tests.Streams;
using ServerlessA2A.Client.Tests.Support;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.Client.Tests.Interop;

/// <summary>
/// The client against the servers of the published JavaScript SDKs of both versions, which number no events. Run one alone with
/// <c>node serve.mjs 1.0</c> in tests/interop.
/// </summary>
public class PublishedServerTests
{
    private const int CutStreams = 40;

    /// <summary>The bindings of the servers: that of 0.3 has no gRPC.</summary>
    public static TheoryData<string> Served { get; } =
        ["1.0 JSONRPC", "1.0 HTTP+JSON", "1.0 GRPC", "0.3 JSONRPC", "0.3 HTTP+JSON"];

    [SkippableTheory]
    [MemberData(nameof(Served))]
    public async Task EveryOperationWorks(string wire)
    {
        await using var server = await PublishedServer.StartAsync(wire[..3]);
        using var client = new A2AClient(server.Address, Wire.Options(wire));

        Assert.Equal("JavaScript", (await client.GetCardAsync()).Name);
        var task = (await client.SendAsync("chunks:3")).Task!;
        Assert.Equal(TaskState.Completed, task.Status.State);
        Assert.Equal("chunk 0 chunk 1 chunk 2 ", string.Concat(task.Artifacts!.Single().Parts.Select(part => part.Text)));
        Assert.Equal("hi", (await client.SendAsync("reply")).Message!.Parts[0].Text);
        Assert.Equal(task.Id, (await client.GetTaskAsync(task.Id)).Id);
        Assert.Equal(TaskState.Failed, (await client.SendAsync("fail")).Task!.Status.State);

        var asked = (await client.SendAsync("ask")).Task!;
        Assert.Equal(TaskState.InputRequired, asked.Status.State);
        Assert.Equal("Which one?", asked.Status.Message!.Parts[0].Text);
        var answered = await client.SendAsync(Wire.Message("ask", taskId: asked.Id));
        Assert.Equal(TaskState.Completed, answered.Task!.Status.State);

        var begun = (await client.SendAsync(Wire.Message("chunks:20", returnImmediately: true))).Task!;
        Assert.Equal(TaskState.Completed, (await client.WaitAsync(begun.Id)).Status.State);

        var webhook = await client.CreateWebhookAsync(new() { TaskId = task.Id, Id = "w", Url = "https://me.example.com/hook" });
        Assert.Equal("w", webhook.Id);
        Assert.Equal("w", Assert.Single(await client.ListWebhooksAsync(task.Id).ToListAsync()).Id);
        Assert.Equal("https://me.example.com/hook", (await client.GetWebhookAsync(task.Id, "w")).Url);
        await client.DeleteWebhookAsync(task.Id, "w");
        Assert.Empty(await client.ListWebhooksAsync(task.Id).ToListAsync());

        var missing = await Assert.ThrowsAsync<A2AClientException>(() => client.GetTaskAsync("none"));
        Assert.Equal(A2AError.TaskNotFound, missing.Error);
        var over = await Assert.ThrowsAsync<A2AClientException>(() => client.CancelTaskAsync(task.Id));
        Assert.Equal(A2AError.TaskNotCancelable, over.Error);
    }

    [SkippableTheory]
    [MemberData(nameof(Wire.OverHttp), MemberType = typeof(Wire))]
    public async Task CutStreamsLoseAndRepeatNothing(string wire)
    {
        await using var server = await PublishedServer.StartAsync(wire[..3]);
        var cuts = 0;
        await Parallel.ForAsync(0, CutStreams, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (seed, cancellationToken) =>
        {
            using var network = new CuttingHandler(seed);
            using var http = new HttpClient(network);
            var options = Wire.Options(wire);
            options.MaxAttempts = 50;
            using var client = new A2AClient(server.Address, options, http);

            var items = await client.StreamAsync("chunks:25", cancellationToken).ToListAsync(cancellationToken);

            var expected = string.Concat(Enumerable.Range(0, 25).Select(i => $"chunk {i} "));
            Assert.Equal(expected, Followed.TextOf(items, "text"));
            var states = items.Select(each => each.Task?.Status ?? each.StatusUpdate?.Status).OfType<A2ATaskStatus>();
            Assert.Single(states, each => each.State == TaskState.Completed);
            Interlocked.Add(ref cuts, network.Cuts);
        });

        Assert.True(cuts > CutStreams / 2, $"Only {cuts} connections were cut.");
    }
}
