using System.Net;
using System.Net.Sockets;
using ServerlessA2A.GoogleCloud.Tests.Emulators;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.GoogleCloud.Tests.PubSub;

/// <summary>How a publish fails, and what is tried before it does.</summary>
[Collection(nameof(WithTheEnvironmentToItself))]
public class PublishFailureTests
{
    [SkippableFact]
    public async Task ATopicThatIsNotThereIsNamed()
    {
        var host = await SharedEmulator.PubSub.HostAsync();

        var failure = await FailAsync(
            host,
            new GoogleCloudOptions
            {
                ProjectId = TestProject.NewId(),
                TopicPrefix = "forgotten",
                RequestTimeout = TimeSpan.FromSeconds(60),
            });

        Assert.False(failure.IsTransient);
        Assert.Contains("/topics/forgotten-tasks: the topic does not exist", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhereNobodyListensALaterTryMaySucceed()
    {
        Assert.True((await FailAsync($"127.0.0.1:{FreePort.Find()}")).IsTransient);
    }

    [Fact]
    public async Task AServiceThatHangsIsGivenUpWhenTheTimeIsOver()
    {
        using var hanging = new TcpListener(IPAddress.Loopback, 0);
        hanging.Start();
        var timeout = TimeSpan.FromMilliseconds(200);

        var failure = await FailAsync($"{hanging.LocalEndpoint}", new GoogleCloudOptions { ProjectId = "p", RequestTimeout = timeout });

        Assert.True(failure.IsTransient);
        Assert.Contains(
            "publish the run of task task-1 to projects/p/topics/a2a-tasks within 0.2 s", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhoCancelsIsNotToldOfAFailure()
    {
        using var hanging = new TcpListener(IPAddress.Loopback, 0);
        hanging.Start();
        using var cancellation = new CancellationTokenSource();

        var publishing = Publish($"{hanging.LocalEndpoint}", new GoogleCloudOptions { ProjectId = "p" }, cancellation.Token);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => publishing.WithinLimit("the publish ends"));
    }

    private static async Task<TaskStoreException> FailAsync(string host, GoogleCloudOptions? options = null) =>
        await Assert.ThrowsAsync<TaskStoreException>(
            () => Publish(host, options ?? new GoogleCloudOptions { ProjectId = "p" }, default).WithinLimit("the publish ends"));

    private static Task Publish(string host, GoogleCloudOptions options, CancellationToken cancellationToken) =>
        SharedEmulator.PubSub.With(
            host, () => TestQueue.Over(options).PublishRunAsync(new RunRequest("task-1"), cancellationToken).AsTask());
}
