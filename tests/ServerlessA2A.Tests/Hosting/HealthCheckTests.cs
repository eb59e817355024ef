using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using ServerlessA2A.Hosting.Health;
using ServerlessA2A.InMemory;
using ServerlessA2A.Security;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Bindings.Harness.Protocols;
using ServerlessA2A.Tests.Security;
using ServerlessA2A.Tests.Support;
using ServerlessA2A.Webhooks;
using ScriptedAgent = ServerlessA2A.Tests.Bindings.Harness.ScriptedAgent;

namespace ServerlessA2A.Tests.Hosting;

/// <summary>What an operator's probe sees.</summary>
public class HealthCheckTests
{
    private const string AllHealthy =
        """{"status":"Healthy","checks":[{"name":"a2a-queue","status":"Healthy"},{"name":"a2a-signing-keys","status":"Healthy"},{"name":"a2a-store","status":"Healthy"}]}""";

    [Theory]
    [InlineData("Production")]
    [InlineData("Development")]
    public async Task AllIsWell(string environment)
    {
        await using var host = await StartAsync(environment: environment);

        var (response, body) = await host.Client.ExchangeAsync("GET", "/health");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(AllHealthy, body);
    }

    [Theory]
    [InlineData("Production", null, null)]
    [InlineData("Development", null, "projects/p is down")]
    [InlineData("Production", true, "projects/p is down")]
    [InlineData("Development", false, null)]
    public async Task AStoreThatFailsIsNamedAndItsFaultOnlyWhereThatIsWanted(string environment, bool? showFaults, string? fault)
    {
        await using var host = await StartAsync(
            services => services.AddSingleton<ITaskStore>(
            Store(_ => throw new TaskStoreException("projects/p is down", isTransient: true))), environment, showFaults);

        await AssertFaultAsync(host, "a2a-store", "Unhealthy", fault);
    }

    [Fact]
    public async Task WhatAnotherExceptionSaysStaysInTheLog()
    {
        await using var host = await StartAsync(
            services => services.AddSingleton<ITaskStore>(Store(_ => throw new FormatException("Password=secret"))), showFaults: true);

        await AssertFaultAsync(host, "a2a-store", "Unhealthy", "FormatException: see the log.");
    }

    [Fact]
    public async Task AStoreThatHangsFailsWhenTheTimeIsOver()
    {
        await using var host = await StartAsync(
            services => services.AddSingleton<ITaskStore>(Store(_ => new TaskCompletionSource<TaskSnapshot?>().Task))
                .Configure<HealthCheckServiceOptions>(options =>
                {
                    // A busy machine may need longer for a check that does not hang.
                    foreach (var other in options.Registrations.Where(check => check.Name != "a2a-store"))
                        other.Timeout = TimeSpan.FromMinutes(5);
                }),
            showFaults: true, timeout: TimeSpan.FromMilliseconds(50));

        var fault = await AssertFaultAsync(host, "a2a-store", "Unhealthy", fault: null, shown: true);
        // The one of the check itself, or that of the host of checks, whichever comes first.
        Assert.Contains(fault, (string[])["A timeout occurred while running check.", "No response within 00:00:00.0500000."]);
    }

    [Theory]
    [InlineData(HealthStatus.Unhealthy, HttpStatusCode.ServiceUnavailable)]
    [InlineData(HealthStatus.Degraded, HttpStatusCode.OK)]
    public async Task AQueueThatFailsIsNamed(HealthStatus status, HttpStatusCode expected)
    {
        await using var host = await StartAsync(services => services.AddSingleton<ITaskQueue>(new Queue(status)), showFaults: true);

        await AssertFaultAsync(host, "a2a-queue", status.ToString(), "Of the test.", expected);
    }

    [Theory]
    [InlineData("true", HttpStatusCode.ServiceUnavailable)]
    [InlineData("false", HttpStatusCode.OK)]
    public async Task TheDeliveryQueueCountsWhereWebhooksAreOffered(string offered, HttpStatusCode expected)
    {
        await using var host = await StartAsync(
            services => services.AddSingleton<IDeliveryQueue>(new Queue(HealthStatus.Unhealthy)),
            settings: ("Agent:PushNotifications", offered));

        Assert.Equal(expected, (await host.Client.ExchangeAsync("GET", "/health")).Response.StatusCode);
    }

    [Theory]
    [InlineData("true", HttpStatusCode.ServiceUnavailable)]
    [InlineData("false", HttpStatusCode.OK)]
    public async Task TheDeliveryQueueCountsWhereANamedAgentOffersWebhooks(string offered, HttpStatusCode expected)
    {
        await using var host = await StartAsync(
            services => services.AddAgent("other", new ScriptedAgent()).AddSingleton<IDeliveryQueue>(new Queue(HealthStatus.Unhealthy)),
            settings: [("Agent:PushNotifications", "false"), ("Agents:other:PushNotifications", offered)]);

        Assert.Equal(expected, (await host.Client.ExchangeAsync("GET", "/health")).Response.StatusCode);
    }

    [Fact]
    public async Task AKeyThatIsNoLongerOneIsNamedByItsSettingAndNotShown()
    {
        var file = Path.Combine(AppContext.BaseDirectory, $"{Guid.NewGuid():N}.pem");
        await File.WriteAllTextAsync(file, TestKeys.Ec.ExportPkcs8PrivateKeyPem());
        var time = new ManualTimeProvider();
        await using var host = await StartAsync(
            services => services.AddSingleton<TimeProvider>(time), showFaults: true, settings: ("Security:SigningKeys:0", $"file:{file}"));
        Assert.Equal(AllHealthy, (await host.Client.ExchangeAsync("GET", "/health")).Body);

        await File.WriteAllTextAsync(file, "not-a-key");
        time.Advance(TimeSpan.FromSeconds(10));
        var fault = await AssertFaultAsync(host, "a2a-signing-keys", "Unhealthy", fault: null, shown: true);
        File.Delete(file);
        time.Advance(TimeSpan.FromSeconds(10));

        Assert.StartsWith(
            "A2A:Security:SigningKeys:0 (A2A__Security__SigningKeys__0) is neither PEM nor a JWK", fault, StringComparison.Ordinal);
        Assert.DoesNotContain("not-a-key", fault, StringComparison.Ordinal);
        Assert.Contains(
            "cannot be read", await AssertFaultAsync(host, "a2a-signing-keys", "Unhealthy", fault: null, shown: true),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task WebhooksThatAreSignedWithAKeyNeedOne()
    {
        var check = new SigningKeysHealthCheck(
            Options.Create(new SecurityOptions()), Options.Create(new WebhookOptions { Signature = WebhookSignature.Jwt }));
        var context =
            new HealthCheckContext { Registration = new HealthCheckRegistration("a2a-signing-keys", check, HealthStatus.Unhealthy, null) };

        var result = await check.CheckHealthAsync(context);

        Assert.Equal(HealthStatus.Unhealthy, result.Status);
        Assert.Contains("A2A__Security__SigningKeys__0", result.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AResultIsUsedAgainForTenSeconds()
    {
        var time = new ManualTimeProvider();
        var reads = 0;
        await using var host = await StartAsync(
            services => services.AddSingleton<TimeProvider>(time).AddSingleton<ITaskStore>(Store(_ => ++reads == 2
            ? throw new TaskStoreException("Of the test.", isTransient: true)
            : Task.FromResult<TaskSnapshot?>(null))));

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(host));
        time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(host));
        Assert.Equal(1, reads);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(host));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(host));
        Assert.Equal(2, reads);
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(host));
        Assert.Equal(3, reads);
    }

    [Fact]
    public async Task OneCheckServesAllWhoAskMeanwhileAlsoWhenTheFirstOneGoes()
    {
        var (reads, begun, gate) = (0, new TaskCompletionSource(), new TaskCompletionSource());
        await using var host = await StartAsync(
            services => services.AddSingleton<ITaskStore>(Store(async _ =>
        {
            reads++;
            begun.TrySetResult();
            await gate.Task;
            return null;
        })));
        using var gone = new CancellationTokenSource();
        var first = host.Client.GetAsync(new Uri("/health", UriKind.Relative), gone.Token);
        await begun.Task.WithinLimit("the check begins");
        var others = Enumerable.Range(0, 5).Select(_ => StatusAsync(host)).ToList();
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);

        gate.SetResult();

        Assert.All(await Task.WhenAll(others).WithinLimit("the probes are answered"), status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal(1, reads);
    }

    [Theory]
    [InlineData(true, """{"name":"a2a-queue","status":"Healthy","note":"Of the test."}""")]
    [InlineData(false, """{"name":"a2a-queue","status":"Healthy"}""")]
    public async Task WhatAHealthyCheckCouldNotFindOutIsANote(bool showFaults, string expected)
    {
        await using var host = await StartAsync(
            services => services.AddSingleton<ITaskQueue>(new Queue(HealthStatus.Healthy)), showFaults: showFaults);

        var (response, body) = await host.Client.ExchangeAsync("GET", "/health");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains(expected, body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OtherChecksOfTheApplicationAreNotAmongThem()
    {
        await using var host = await StartAsync(
            services => services.AddHealthChecks().AddCheck("other", () => HealthCheckResult.Unhealthy()));

        Assert.Equal(AllHealthy, (await host.Client.ExchangeAsync("GET", "/health")).Body);
    }

    [Fact]
    public void WithoutTheChecksTheRemedyIsNamed()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddHealthChecks();
        using var app = (IDisposable)builder.Build();

        Assert.Contains(
            "AddHealthChecks().AddA2A()",
            Assert.Throws<InvalidOperationException>(() => ((WebApplication)app).MapA2AHealthChecks()).Message, StringComparison.Ordinal);
    }

    private static Task<WebHost> StartAsync(
        Action<IServiceCollection>? services = null, string environment = "Production", bool? showFaults = null, TimeSpan? timeout = null,
        params (string Name, string Value)[] settings) => WebHost.StartAsync(
            new ScriptedAgent(),
            app => app.MapA2AHealthChecks(showFaults: showFaults),
            collection =>
            {
                collection.AddHealthChecks().AddA2A(timeout: timeout ?? TimeSpan.FromMinutes(5));
                services?.Invoke(collection);
            },
            environment,
            settings);

    private static async Task<HttpStatusCode> StatusAsync(WebHost host) =>
        (await host.Client.ExchangeAsync("GET", "/health")).Response.StatusCode;

    /// <summary>Requires that a check is the only one that is not healthy.</summary>
    /// <returns>Its fault, where the answer has one.</returns>
    private static async Task<string?> AssertFaultAsync(
        WebHost host, string name, string status, string? fault, HttpStatusCode expected = HttpStatusCode.ServiceUnavailable,
        bool shown = false)
    {
        var (response, body) = await host.Client.ExchangeAsync("GET", "/health").WithinLimit("the probe is answered");
        Assert.Equal(expected, response.StatusCode);
        Assert.Equal(status, body.Json().GetProperty("status").GetString());
        var failing = Assert.Single(
            body.Json().GetProperty("checks").EnumerateArray(), check => check.GetProperty("status").GetString() != "Healthy");
        Assert.Equal(name, failing.GetProperty("name").GetString());
        Assert.Equal(status, failing.GetProperty("status").GetString());
        var found = failing.TryGetProperty("fault", out var text) ? text.GetString() : null;
        if (!shown)
            Assert.Equal(fault, found);
        return found;
    }

    private static ReadingStore Store(Func<string, Task<TaskSnapshot?>> read) =>
        new ReadingStore(new InMemoryTaskStore(TimeProvider.System, Options.Create(new InMemoryOptions())), read);

    private sealed class ReadingStore(ITaskStore inner, Func<string, Task<TaskSnapshot?>> read) : DelegatingTaskStore(inner)
    {
        public override async ValueTask<TaskSnapshot?> ReadAsync(string? owner, string taskId, CancellationToken cancellationToken) =>
            await read(taskId);
    }

    private sealed class Queue(HealthStatus status) : ITaskQueue, IDeliveryQueue, IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(new HealthCheckResult(status, "Of the test."));

        public ValueTask PublishRunAsync(RunRequest request, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask PublishAsync(DeliveryRequest request, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask BuryAsync(DeadDelivery delivery, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
