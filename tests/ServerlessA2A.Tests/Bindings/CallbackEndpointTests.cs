using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Agents;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tests.Hosting;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Bindings;

/// <summary>The pages of callbacks, in an application with other routes.</summary>
public sealed class CallbackEndpointTests : IAsyncDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly List<WebHost> _hosts = [];

    public static TheoryData<string> Prefixes { get; } = ["/", "/agents/mail"];

    [Theory]
    [MemberData(nameof(Prefixes))]
    public async Task ABrowserContinuesTheTaskOnce(string path)
    {
        var host = await StartAsync(path);
        var callback = await AuthorizeAsync(host, path);

        var page = await GetAsync(host, $"{callback.RedirectUri}?code=c-1&scope=a+b%2Bc&state={callback.State}");

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("You can close this window.", page.Html, StringComparison.Ordinal);
        Assert.Equal("c-1 a b+c", await AnswerAsync(host, path));
        Assert.Equal(
            HttpStatusCode.OK, (await GetAsync(host, $"{callback.RedirectUri}?state={callback.State}&code=c-1&scope=a+b%2Bc")).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await GetAsync(host, $"{callback.RedirectUri}?code=c-2&state={callback.State}")).Status);
    }

    [Fact]
    public async Task AFormContinuesTheTaskToo()
    {
        var host = await StartAsync();
        var callback = await AuthorizeAsync(host);
        using var form = new FormUrlEncodedContent([new("code", "c-1"), new("scope", "ö"), new("state", callback.State)]);

        using var response = await host.Client.PostAsync(callback.Uri, form);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("c-1 ö", await AnswerAsync(host));
    }

    [Theory]
    [InlineData("""{"statusUpdate":{"taskId":"t","status":{"state":"TASK_STATE_COMPLETED"}}}""", "application/a2a+json", true)]
    [InlineData("""{"task":{"id":"t","status":{"state":"TASK_STATE_INPUT_REQUIRED"}}}""", "application/json; charset=utf-8", true)]
    [InlineData("""{"kind":"task","id":"t","status":{"state":"failed"}}""", "application/json", true)]
    [InlineData("""{"something":"else"}""", "application/json", true)]
    [InlineData("""{"statusUpdate":{"taskId":"t","status":{"state":"TASK_STATE_WORKING"}}}""", "application/json", false)]
    [InlineData("""{"artifactUpdate":{"taskId":"t"}}""", "application/json", false)]
    [InlineData("""{"kind":"status-update","taskId":"t","status":{"state":"working"}}""", "application/json", false)]
    public async Task TheWebhookOfAnotherAgentWakesTheTaskUnlessThatStillWorks(string body, string contentType, bool wakes)
    {
        var host = await StartAsync(services: services => services.AddAgent("sleepy", new SleepyAgent()));
        var sleepy = (SleepyAgent)host.Services.GetRequiredKeyedService<IAgent>("sleepy");
        var webhook = await SleepAsync(host, sleepy);

        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        using var response = await host.Client.PostAsync(webhook, content);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        if (wakes)
            await sleepy.Woken.Task.WithinLimit("the task is woken");
        else
            Assert.False(sleepy.Woken.Task.IsCompleted);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("""{"status":{"state":"\ud800"}}""")]
    [InlineData("""{"\ud800":1}""")]
    public async Task AWebhookThatCannotBeReadIsRejected(string body)
    {
        var host = await StartAsync(services: services => services.AddAgent("sleepy", new SleepyAgent()));
        var webhook = await SleepAsync(host, (SleepyAgent)host.Services.GetRequiredKeyedService<IAgent>("sleepy"));

        using var response = await host.Client.PostAsync(webhook, Json(body));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task ABrowsersCallbackIsNoWebhookAndAWebhookIsNoCallback()
    {
        var host = await StartAsync(services: services => services.AddAgent("sleepy", new SleepyAgent()));
        var callback = await AuthorizeAsync(host);
        var webhook = await SleepAsync(host, (SleepyAgent)host.Services.GetRequiredKeyedService<IAgent>("sleepy"));

        using var asWebhook = await host.Client.PostAsync(callback.Uri, Json("{}"));
        var asCallback = await GetAsync(host, $"{webhook}&code=c-1");

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (asWebhook.StatusCode, asCallback.Status));
    }

    [Fact]
    public async Task TheRefusalOfTheUserContinuesTheTask()
    {
        var host = await StartAsync();
        var callback = await AuthorizeAsync(host);

        var page = await GetAsync(
            host, $"{callback.Uri}&error=access_denied&error_description=%3Cscript%3Ealert(1)%3C/script%3E");

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.DoesNotContain("script", page.Html, StringComparison.Ordinal);
        Assert.Equal("access_denied", await AnswerAsync(host));
    }

    [Fact]
    public async Task NobodyLearnsWhetherATaskExistsWithoutAValidState()
    {
        var host = await StartAsync();
        var callback = await AuthorizeAsync(host);
        var taskId = callback.Uri.AbsolutePath.Split('/')[^1];
        var tampered = callback.State[..^1] + (callback.State[^1] == 'A' ? 'B' : 'A');

        var answers = new List<(HttpStatusCode Status, string Html)>();
        foreach (var address in (string[])
            [
                "callback", "callback?state=", "callback?code=c-1", $"callback/{taskId}", $"callback/{taskId}?state={tampered}",
                $"callback?state={tampered}", $"callback/no-such-task?state={tampered}", $"callback/no-such-task?state={callback.State}",
                $"callback?state={callback.State}&code=a&code=b", $"callback?state={callback.State}&state={tampered}",
                $"callback?state={callback.State}&{new string('n', 101)}=1",
                $"callback?state={callback.State}&{string.Join('&', Enumerable.Range(0, 20).Select(i => $"p{i}=1"))}",
            ])
            answers.Add(await GetAsync(host, $"http://localhost/{address}"));

        Assert.Equal(HttpStatusCode.BadRequest, Assert.Single(answers.Distinct()).Status);
        var accepted = await GetAsync(
            host, $"{callback.Uri}&code=c-1&{string.Join('&', Enumerable.Range(0, 18).Select(i => $"p{i}=1"))}");
        Assert.Equal(HttpStatusCode.OK, accepted.Status);
    }

    [Fact]
    public async Task AnExpiredLinkSaysSo()
    {
        var host = await StartAsync();
        var callback = await AuthorizeAsync(host);
        _time.Advance(TimeSpan.FromHours(1));

        var page = await GetAsync(host, $"{callback.Uri}&code=c-1");

        Assert.Equal(HttpStatusCode.Gone, page.Status);
        Assert.Contains("expired", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ATaskThatHasEndedNoLongerWaits()
    {
        var host = await StartAsync();
        var callback = await AuthorizeAsync(host);
        using var canceled = await host.Client.PostAsync(
            new Uri($"/tasks/{callback.Uri.AbsolutePath.Split('/')[^1]}:cancel", UriKind.Relative), Json("{}"));
        Assert.Equal(HttpStatusCode.OK, canceled.StatusCode);

        var page = await GetAsync(host, $"{callback.Uri}&code=c-1");

        Assert.Equal(HttpStatusCode.Gone, page.Status);
        Assert.Contains("no longer waits", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PagesLeakNothingAndRunNothing()
    {
        var host = await StartAsync();
        var callback = await AuthorizeAsync(host);

        foreach (var address in (string[])[$"{callback.Uri}&code=c-1", $"{callback.RedirectUri}?state=x"])
        {
            using var response = await host.Client.GetAsync(new Uri(address));

            Assert.Equal("no-store", response.Headers.CacheControl!.ToString());
            Assert.Equal("no-referrer", response.Headers.GetValues("Referrer-Policy").Single());
            Assert.StartsWith(
                "default-src 'none'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
            Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Equal("text/html; charset=utf-8", response.Content.Headers.ContentType!.ToString());
            var html = await response.Content.ReadAsStringAsync();
            Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
            Assert.DoesNotContain(callback.State, html, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("HEAD")]
    [InlineData("PUT")]
    [InlineData("OPTIONS")]
    public async Task OtherVerbsUseNothingUp(string verb)
    {
        var host = await StartAsync();
        var callback = await AuthorizeAsync(host);
        using var request = new HttpRequestMessage(new HttpMethod(verb), new Uri($"{callback.Uri}&code=c-0"));

        using var response = await host.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(["GET", "POST"], response.Content.Headers.Allow);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(host, $"{callback.Uri}&code=c-1")).Status);
    }

    [Fact]
    public async Task OtherBodiesAndLargeFormsAreRejected()
    {
        var host = await StartAsync();
        var callback = await AuthorizeAsync(host);
        using var large = new FormUrlEncodedContent([new("code", new string('c', 16 * 1024)), new("state", callback.State)]);
        using var text = new StringContent("code=c-1");

        using var notAForm = await host.Client.PostAsync(callback.Uri, text);
        using var tooLarge = await host.Client.PostAsync(callback.RedirectUri, large);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, notAForm.StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, tooLarge.StatusCode);
        Assert.Equal("text/html", tooLarge.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task OtherRoutesAndATenantOfThatNameAreServedAsBefore()
    {
        var host = await StartAsync(map: app =>
        {
            app.MapGet("/callback", () => "the application's own");
            app.MapFallback(() => "fallback");
        });
        var callback = await AuthorizeAsync(host);

        Assert.Equal("the application's own", (await GetAsync(host, $"{callback.RedirectUri}?state={callback.State}")).Html);
        Assert.StartsWith("{\"tasks\"", (await GetAsync(host, "http://localhost/callback/tasks")).Html, StringComparison.Ordinal);
        Assert.Equal("fallback", (await GetAsync(host, "http://localhost/callback/one/two")).Html);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(host, $"{callback.Uri}&code=c-1")).Status);
    }

    [Fact]
    public async Task AgentsThatRequireAuthorizationHaveOpenCallbacks()
    {
        var host = await StartAsync(
            map: app => app.MapA2A("/closed").RequireAuthorization(),
            services: services => services.AddAuthorization().AddAuthentication());
        var callback = await AuthorizeAsync(host);

        Assert.Equal(
            HttpStatusCode.OK, (await GetAsync(host, $"http://localhost/closed/callback?code=c-1&state={callback.State}")).Status);
    }

    [Fact]
    public async Task NamedAgentsHaveOneAddressUnlessAnotherOneIsSet()
    {
        var named = await StartAsync(services: services => services.AddAgent("mail", new MailAgent()));
        var callback = await AuthorizeAsync(named, "/mail");
        Assert.Equal("http://localhost/callback", callback.RedirectUri.AbsoluteUri);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(named, $"{callback.Uri}&code=c-1")).Status);
        Assert.Equal("c-1", await AnswerAsync(named, "/mail"));

        var common = await StartAsync(
            services: services => services.AddAgent("mail", new MailAgent()),
            settings: [("Agent:CallbackUrl", "http://localhost/mail/callback")]);
        callback = await AuthorizeAsync(common, "/mail");
        Assert.Equal("http://localhost/mail/callback", callback.RedirectUri.AbsoluteUri);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(common, $"{callback.RedirectUri}?code=c-2&state={callback.State}")).Status);
        Assert.Equal("c-2", await AnswerAsync(common, "/mail"));
    }

    [Fact]
    public async Task ABrowserMayReloadWhenTheStoreWasDown()
    {
        FailingStore? store = null;
        var host = await StartAsync(services: services => services.AddSingleton<ITaskStore>(provider =>
            store = new FailingStore(provider.GetRequiredService<ServerlessA2A.InMemory.InMemoryTaskStore>())));
        var callback = await AuthorizeAsync(host);
        store!.IsDown = true;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await GetAsync(host, $"{callback.Uri}&code=c-1")).Status);
        store.IsDown = false;

        Assert.Equal(HttpStatusCode.OK, (await GetAsync(host, $"{callback.Uri}&code=c-1")).Status);
    }

    [Fact]
    public async Task TheTotalRateHoldsForCallbacksWithAValidState()
    {
        var host = await StartAsync(settings: [("Limits:TotalRequestsPerSecond", "1")]);
        var callback = await AuthorizeAsync(host);
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 20; i++)
            statuses.Add((await GetAsync(host, $"{callback.Uri}&code=c-1")).Status);

        Assert.Contains(HttpStatusCode.TooManyRequests, statuses);
        Assert.Equal(HttpStatusCode.BadRequest, (await GetAsync(host, "http://localhost/callback?state=x")).Status);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
            await host.DisposeAsync();
    }

    private static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    private static async Task<(HttpStatusCode Status, string Html)> GetAsync(WebHost host, string address)
    {
        using var response = await host.Client.GetAsync(new Uri(address));
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Sends a message, and waits for the request for authorization.</summary>
    private static async Task<AgentCallback> AuthorizeAsync(WebHost host, string path = "/")
    {
        using var response = await host.Client.PostAsync(
            new Uri($"{path.TrimEnd('/')}/message:send", UriKind.Relative),
            Json($$"""{"message":{"messageId":"{{Guid.NewGuid()}}","role":"ROLE_USER","parts":[{"text":"hello"}] } }"""));
        var body = await response.Content.ReadAsStringAsync();
        Assert.Contains("TASK_STATE_AUTH_REQUIRED", body, StringComparison.Ordinal);
        return AgentOf(host, path).Created!;
    }

    /// <summary>Sends a message to the agent that sleeps, and returns its webhook.</summary>
    private static async Task<Uri> SleepAsync(WebHost host, SleepyAgent agent)
    {
        using var response = await host.Client.PostAsync(
            new Uri("/sleepy/message:send", UriKind.Relative),
            Json("""
                {"message":{"messageId":"m","role":"ROLE_USER","parts":[{"text":"hello"}]},"configuration":{"returnImmediately":true}}
                """));
        return await agent.Slept.Task.WithinLimit("the task sleeps");
    }

    /// <summary>The text with which the agent completes its task.</summary>
    private static Task<string> AnswerAsync(WebHost host, string path = "/") =>
        AgentOf(host, path).Answer.Task.WithinLimit("the agent reads the callback");

    private static MailAgent AgentOf(WebHost host, string path) => (MailAgent)(path == "/mail"
        ? host.Services.GetRequiredKeyedService<IAgent>("mail")
        : host.Services.GetRequiredService<IAgent>());

    private async Task<WebHost> StartAsync(
        string path = "/", Action<WebApplication>? map = null, Action<IServiceCollection>? services = null,
        params (string Name, string Value)[] settings)
    {
        var host = await WebHost.StartAsync(
            new MailAgent(),
            app =>
            {
                map?.Invoke(app);
                app.MapA2A(path);
            },
            all =>
            {
                all.AddSingleton<TimeProvider>(_time);
                services?.Invoke(all);
            },
            settings: [("Agent:PublicUrl", $"http://localhost{path}"), .. settings]);
        _hosts.Add(host);
        return host;
    }

    private sealed class MailAgent : IAgent
    {
        public AgentCallback? Created { get; private set; }

        public TaskCompletionSource<string> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async IAsyncEnumerable<AgentUpdate> RunAsync(
            AgentContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.CompletedTask;
            if (context.Callback is { } callback)
            {
                Answer.TrySetResult(string.Join(' ', new[] { callback["code"] ?? callback["error"], callback["scope"] }.OfType<string>()));
                yield return AgentUpdate.Complete("done");
                yield break;
            }

            Created = context.CreateCallback();
            yield return AgentUpdate.RequireAuthorization(Created.Uri.AbsoluteUri);
        }
    }

    /// <summary>An agent that sleeps in its first run, and completes in the second one.</summary>
    private sealed class SleepyAgent : IAgent
    {
        public TaskCompletionSource<Uri> Slept { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Woken { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async IAsyncEnumerable<AgentUpdate> RunAsync(
            AgentContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.CompletedTask;
            if (context.Checkpoint is not null)
            {
                Woken.TrySetResult();
                yield break;
            }

            var webhook = context.CreateWebhook()!;
            Slept.TrySetResult(webhook);
            yield return AgentUpdate.Sleep(new byte[] { 1 }, TimeSpan.FromHours(1));
        }
    }

    private sealed class FailingStore(ITaskStore inner) : DelegatingTaskStore(inner)
    {
        public bool IsDown { get; set; }

        public override ValueTask<ServerlessA2A.Tasks.Log.TaskSnapshot?> ReadAsync(
            string? owner, string taskId, CancellationToken cancellationToken) => IsDown
            ? throw new TaskStoreException("down", isTransient: true)
            : base.ReadAsync(owner, taskId, cancellationToken);
    }
}
