using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Bindings.Http;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Bindings.Harness.Protocols;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Bindings.Http;

/// <summary>Cloud Run cuts off answers of more than 32 MiB that have a length, and lets chunks through.</summary>
public sealed class LargeAnswerTests : IAsyncLifetime
{
    private const int CloudRunLimit = 32 * 1024 * 1024;

    private AgentHost _host = null!;

    public static TheoryData<string> WireNames => [.. Wires.OfJson];

    public async Task InitializeAsync() => _host = await AgentHost.StartAsync(services => services.AddSingleton<ITaskStore>(
        provider => new BigTaskStore(provider.GetRequiredService<ServerlessA2A.InMemory.InMemoryTaskStore>())));

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public void TheThresholdIsFarBelowTheLimit() => Assert.InRange(Responses.LargestWithLength, 1, CloudRunLimit / 2);

    [Theory]
    [MemberData(nameof(WireNames))]
    public async Task ALargeAnswerComesWholeInChunks(string wireName)
    {
        var wire = Wires.Of(wireName, _host.Client);

        using var response = await _host.Client.SendAsync(wire.GetRequest(IdOf(CloudRunLimit)), HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Null(response.Content.Headers.ContentLength);
        Assert.True(response.Headers.TransferEncodingChunked);
        var task = wire.Read(response, await response.Content.ReadAsStringAsync()).Result;
        Assert.Equal(
            new string('x', CloudRunLimit), task.GetProperty("artifacts")[0].GetProperty("parts")[0].GetProperty("text").GetString());
    }

    [Theory]
    [MemberData(nameof(WireNames))]
    public async Task AnAnswerHasItsLengthUpToTheThreshold(string wireName)
    {
        var wire = Wires.Of(wireName, _host.Client);
        var overhead = await LengthOfAsync(1) - 1;
        // The size stands in the task's id, which is as long whatever it says.
        Assert.Equal(Responses.LargestWithLength, await LengthOfAsync(Responses.LargestWithLength - overhead!.Value));
        Assert.Null(await LengthOfAsync(Responses.LargestWithLength - overhead.Value + 1));

        async Task<long?> LengthOfAsync(long size)
        {
            using var response = await _host.Client.SendAsync(wire.GetRequest(IdOf(size)), HttpCompletionOption.ResponseHeadersRead);
            return response.Content.Headers.ContentLength;
        }
    }

    [Theory]
    [InlineData("/tasks/")]
    [InlineData("/v1/tasks/")]
    public async Task AHeadOfALargeAnswerHasNoLengthEither(string path)
    {
        using var response = await _host.Client.SendAsync(RawHttp.Request("HEAD", path + IdOf(Responses.LargestWithLength)));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Null(response.Content.Headers.ContentLength);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    private static string IdOf(long size) => size.ToString("D10", CultureInfo.InvariantCulture);

    private static TaskSnapshot TaskOf(string id, string text) => new()
    {
        Owner = "",
        Task = new()
        {
            Id = id,
            ContextId = "c",
            Status = new() { State = TaskState.Completed, Timestamp = DateTimeOffset.UnixEpoch },
            Artifacts = [new() { ArtifactId = "a", Parts = [Part.FromText(text)] }],
        },
        Seq = 1,
        CreatedAt = DateTimeOffset.UnixEpoch,
        RequestedAt = DateTimeOffset.UnixEpoch,
        ChangedAt = DateTimeOffset.UnixEpoch,
        Retention = TimeSpan.FromDays(1),
        Request = new() { MessageId = "m", Role = Role.User, Parts = [] },
    };

    /// <summary>Has a task for each id, whose artifact is as large as the id says.</summary>
    private sealed class BigTaskStore(ITaskStore inner) : DelegatingTaskStore(inner)
    {
        public override ValueTask<TaskSnapshot?> ReadAsync(string? owner, string taskId, CancellationToken cancellationToken) =>
            new(TaskOf(taskId, new string('x', int.Parse(taskId, CultureInfo.InvariantCulture))));
    }
}
