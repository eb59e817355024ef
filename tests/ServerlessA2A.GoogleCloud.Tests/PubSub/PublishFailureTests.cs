using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Google.Cloud.PubSub.V1;
using Grpc.Core;
using ServerlessA2A.GoogleCloud.PubSub;
using ServerlessA2A.GoogleCloud.Tests.Emulators;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.GoogleCloud.Tests.PubSub;

/// <summary>How a publish fails, and what is tried before it does.</summary>
[Collection(nameof(WithTheEnvironmentToItself))]
public class PublishFailureTests
{
    private const int Tries = 3;

    [SkippableFact]
    public async Task ATopicThatIsNotThereIsNamed()
    {
        var host = await SharedEmulator.PubSub.HostAsync();

        var failure = await FailAsync(host, new GoogleCloudOptions { ProjectId = TestProject.NewId(), TaskTopic = "forgotten" });

        Assert.False(failure.IsTransient);
        Assert.Contains("/topics/forgotten does not exist", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhereNobodyListensALaterTryMaySucceed()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var host = $"{listener.LocalEndpoint}";
        listener.Stop();

        Assert.True((await FailAsync(host)).IsTransient);
    }

    [Fact]
    public async Task AServiceThatHangsIsAskedAgainAndGivenUp()
    {
        using var hanging = new TcpListener(IPAddress.Loopback, 0);
        hanging.Start();
        var timeout = TimeSpan.FromMilliseconds(200);
        var begun = Stopwatch.GetTimestamp();

        var failure = await FailAsync($"{hanging.LocalEndpoint}", new GoogleCloudOptions { ProjectId = "p", RequestTimeout = timeout });

        Assert.True(failure.IsTransient);
        Assert.Contains("00:00:00.2", failure.Message, StringComparison.Ordinal);
        Assert.True(Stopwatch.GetElapsedTime(begun) >= Tries * timeout);
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

    [Theory]
    [InlineData(StatusCode.PermissionDenied, false, "roles/pubsub.publisher")]
    [InlineData(StatusCode.Unauthenticated, false, "roles/pubsub.publisher")]
    [InlineData(StatusCode.InvalidArgument, false, "InvalidArgument")]
    [InlineData(StatusCode.Unavailable, true, "Unavailable")]
    [InlineData(StatusCode.Internal, true, "Internal")]
    [InlineData(StatusCode.Unknown, true, "Unknown")]
    [InlineData(StatusCode.ResourceExhausted, true, "ResourceExhausted")]
    [InlineData(StatusCode.Aborted, true, "Aborted")]
    [InlineData(StatusCode.Cancelled, true, "Cancelled")]
    [InlineData(StatusCode.DeadlineExceeded, true, "DeadlineExceeded")]
    public void WhatTheServiceSaysIsTold(StatusCode code, bool isTransient, string told)
    {
        var failure = PubSubTaskQueue.ToException(new RpcException(new Status(code, "of the service")), new TopicName("p", "a2a-tasks"));

        Assert.Equal(isTransient, failure.IsTransient);
        Assert.Contains(told, failure.Message, StringComparison.Ordinal);
        Assert.Contains("projects/p/topics/a2a-tasks", failure.Message, StringComparison.Ordinal);
        Assert.Contains("of the service", failure.Message, StringComparison.Ordinal);
    }

    private static async Task<TaskStoreException> FailAsync(string host, GoogleCloudOptions? options = null) =>
        await Assert.ThrowsAsync<TaskStoreException>(() => Publish(host, options ?? new GoogleCloudOptions { ProjectId = "p" }, default).WithinLimit("the publish ends"));

    private static Task Publish(string host, GoogleCloudOptions options, CancellationToken cancellationToken) =>
        SharedEmulator.PubSub.With(host, () => TestQueue.Over(options).PublishRunAsync(new RunRequest("task-1"), cancellationToken).AsTask());
}
