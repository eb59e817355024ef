using System.Net;
using System.Net.Sockets;
using Google.Api.Gax;
using Google.Cloud.PubSub.V1;
using Grpc.Core;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using ServerlessA2A.GoogleCloud.Credentials;
using ServerlessA2A.GoogleCloud.PubSub;
using ServerlessA2A.GoogleCloud.Tests.Emulators;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.GoogleCloud.Tests.PubSub;

/// <summary>What the health check <c>a2a-queue</c> says of Pub/Sub.</summary>
[Collection(nameof(WithTheEnvironmentToItself))]
public class PubSubHealthTests
{
    [SkippableFact]
    public async Task OnlyATopicThatIsThereIsHealthy()
    {
        await SharedEmulator.PubSub.HostAsync();
        var options = new GoogleCloudOptions { ProjectId = TestProject.NewId(), RequestTimeout = TimeSpan.FromSeconds(60) };

        var missing = await CheckAsync(TestQueue.Over(options));
        var publisher = await new PublisherServiceApiClientBuilder { EmulatorDetection = EmulatorDetection.EmulatorOnly }.BuildAsync();
        await publisher.CreateTopicAsync(new TopicName(options.ProjectId, options.TaskTopic), CancellationToken.None);

        Assert.Equal(HealthStatus.Unhealthy, missing.Status);
        Assert.Contains(
            "/topics/a2a-tasks does not exist. Create it, or set A2A:GoogleCloud:TopicPrefix.", missing.Description,
            StringComparison.Ordinal);
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(TestQueue.Over(options))).Status);
    }

    [Fact]
    public async Task AServiceThatHangsIsNotHealthy()
    {
        using var hanging = new TcpListener(IPAddress.Loopback, 0);
        hanging.Start();
        var options = new GoogleCloudOptions { ProjectId = "p", RequestTimeout = TimeSpan.FromMilliseconds(200) };

        var failure = await Assert.ThrowsAsync<TaskStoreException>(() =>
            SharedEmulator.PubSub.With($"{hanging.LocalEndpoint}", () => CheckAsync(TestQueue.Over(options)))
                .WithinLimit("the check ends"));

        Assert.Contains("did not read projects/p/topics/a2a-tasks within 0.2 s", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(StatusCode.PermissionDenied, HealthStatus.Healthy,
        "permission to see projects/p/topics/a2a-tasks is missing: grant the service account roles/pubsub.viewer on it.")]
    [InlineData(StatusCode.Unauthenticated, HealthStatus.Unhealthy, "it rejected the credentials")]
    [InlineData(StatusCode.NotFound, HealthStatus.Unhealthy, "projects/p/topics/a2a-tasks does not exist")]
    public void AnAccountThatMayOnlyPublishCannotTell(StatusCode answer, HealthStatus expected, string description)
    {
        var client = new GoogleClient<PublisherServiceApiClient>("Pub/Sub", () => throw new InvalidOperationException("Not called here."));
        var topic = new PubSubTopic(client, new GoogleCloudOptions { ProjectId = "p" }, "a2a-tasks");

        var result = topic.ToHealth(new RpcException(new Status(answer, "Of the test.")), HealthStatus.Unhealthy);

        Assert.Equal(expected, result.Status);
        Assert.Contains(description, result.Description, StringComparison.Ordinal);
    }

    private static Task<HealthCheckResult> CheckAsync(PubSubTaskQueue queue) =>
        queue.CheckHealthAsync(
            new HealthCheckContext { Registration = new HealthCheckRegistration("a2a-queue", queue, HealthStatus.Unhealthy, null) });
}
