using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ServerlessA2A.Agents;
using ServerlessA2A.Client.Webhooks;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tests.Security;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Client.AspNetCore.Tests;

/// <summary>Webhooks from this library's server to the receiver, both on connections of this machine.</summary>
public sealed class MapA2AWebhookTests : IAsyncLifetime
{
    private const int Chunks = 20;

    private readonly Channel<WebhookEvent> _received = Channel.CreateUnbounded<WebhookEvent>();
    private readonly ConcurrentDictionary<string, int> _calls = [];
    private WebApplication _agent = null!;
    private WebApplication _me = null!;
    private Func<WebhookEvent, bool> _fails = _ => false;

    private string Hook => _me.Urls.Single() + "/hook";

    public async Task InitializeAsync()
    {
        _agent = await StartAsync(
            builder =>
            {
                builder.Configuration.AddInMemoryCollection(
                [
                    new("A2A:Agent:PushNotifications", "true"), new("A2A:Webhooks:AllowHttp", "true"),
                    new("A2A:Webhooks:AllowLoopback", "true"), new("A2A:Security:SigningKeys:0", TestKeys.Jwk(TestKeys.Ec)),
                ]);
                builder.Services.AddServerlessA2A(builder.Configuration).AddInMemoryTasks(builder.Configuration).AddAgent<CountingAgent>();
            },
            app => app.MapA2A());
        _me = await StartAsync(
            _ => { },
            app => app.MapA2AWebhook("/hook", HandleAsync, options =>
            {
                options.KeySet = new Uri(_agent.Urls.Single() + "/.well-known/jwks.json");
                options.Audience = app.Configuration["urls"] + "/hook";
                options.Token = "secret";
            }));
    }

    public async Task DisposeAsync()
    {
        await _me.DisposeAsync();
        await _agent.DisposeAsync();
    }

    [Fact]
    public async Task EveryEventArrivesOnceAndInOrder()
    {
        // The first attempts of some events fail after they were handed over.
        _fails = each => each.Number % 2 == 0 && _calls[each.Key!] == 1;
        using var client = new A2AClient(new Uri(_agent.Urls.Single()));

        var task = (await client.SendAsync(Message(Hook, "secret"))).Task!;
        var events = new List<WebhookEvent>();
        while (events.LastOrDefault()?.Item.StatusUpdate?.Status.State.IsTerminal() != true)
            events.Add(await _received.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(1)));

        Assert.All(events, each => Assert.Equal(task.Id, each.TaskId));
        var numbers = events.Select(each => each.Number!.Value).ToList();
        Assert.Equal(numbers.Order().Distinct(), numbers);
        var text = string.Concat(events.Select(each => each.Item.ArtifactUpdate?.Artifact.Parts[0].Text));
        Assert.Equal(string.Concat(Enumerable.Range(0, Chunks).Select(i => $"{i} ")), text);
        Assert.Contains(_calls.Values, calls => calls > 1);
    }

    [Fact]
    public async Task ADeliveryThatProvesNothingIsRejected()
    {
        using var http = new HttpClient();
        using var body = new StringContent("""{"task":{"id":"t","status":{"state":"TASK_STATE_COMPLETED"}}}""");

        using var response = await http.PostAsync(new Uri(Hook), body);

        Assert.Equal(401, (int)response.StatusCode);
        Assert.Empty(_calls);
    }

    [Fact]
    public async Task AHandlerThatReachesNobodyHasFailed()
    {
        await using var app = await StartAsync(
            _ => { },
            app => app.MapA2AWebhook(
                "/hook", (_, _) => throw new HttpRequestException("The database is down."), options => options.Token = "secret"));
        using var http = new HttpClient { DefaultRequestHeaders = { { "X-A2A-Notification-Token", "secret" } } };
        using var body = new StringContent("""{"task":{"id":"t","status":{"state":"TASK_STATE_COMPLETED"}}}""");

        using var response = await http.PostAsync(new Uri(app.Urls.Single() + "/hook"), body);

        // 503 would say that the agent's keys cannot be read.
        Assert.Equal(500, (int)response.StatusCode);
    }

    [Fact]
    public async Task AnUploadThatBreaksOffIsNoFailureOfTheHandler()
    {
        var logs = new CollectedLogs();
        await using var app = await StartAsync(
            builder => builder.Services.AddSingleton(logs.LoggerFor<WebhookEndpoint>()),
            app =>
            {
                app.Use((context, next) =>
                {
                    context.Request.Body = new BrokenStream();
                    return next(context);
                });
                app.MapA2AWebhook("/hook", HandleAsync, options => options.Token = "secret");
            });
        using var http = new HttpClient();
        using var body = new StringContent("{}");

        using var response = await http.PostAsync(new Uri(app.Urls.Single() + "/hook"), body);

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Empty(logs.Entries);
    }

    private static SendMessageRequest Message(string hook, string token) => new()
    {
        Message = new() { MessageId = "m", Role = Role.User, Parts = [Part.FromText("count")] },
        Configuration = new() { ReturnImmediately = true, TaskPushNotificationConfig = new() { Url = hook, Token = token } },
    };

    private static async Task<WebApplication> StartAsync(Action<WebApplicationBuilder> configure, Action<WebApplication> map)
    {
        var builder = WebApplication.CreateSlimBuilder();
        // The audience of signatures is the address, which has to be known before the start.
        builder.Configuration["urls"] = $"http://127.0.0.1:{FreePort.Find()}";
        builder.WebHost.UseUrls(builder.Configuration["urls"]!);
        builder.Logging.ClearProviders();
        configure(builder);
        var app = builder.Build();
        map(app);
        await app.StartAsync();
        return app;
    }

    private Task HandleAsync(WebhookEvent received, CancellationToken cancellationToken)
    {
        _calls.AddOrUpdate(received.Key!, 1, (_, calls) => calls + 1);
        if (_fails(received)) throw new InvalidOperationException("the database is down");
        _received.Writer.TryWrite(received);
        return Task.CompletedTask;
    }

    /// <summary>A body whose connection is reset.</summary>
    private sealed class BrokenStream : MemoryStream
    {
        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken) =>
            throw new IOException("The connection was reset.");
    }

    private sealed class CountingAgent : IAgent
    {
        public async IAsyncEnumerable<AgentUpdate> RunAsync(
            AgentContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            for (var i = 0; i < Chunks; i++)
            {
                await Task.Yield();
                yield return AgentUpdate.Append("count", $"{i} ");
            }
        }
    }
}
