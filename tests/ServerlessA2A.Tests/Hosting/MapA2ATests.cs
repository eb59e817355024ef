using System.Net;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ServerlessA2A.Agents;
using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Bindings.Harness.Protocols;

namespace ServerlessA2A.Tests.Hosting;

/// <summary>The agent in an application that has other routes too.</summary>
public class MapA2ATests
{
    private const string Message = """{"messageId":"m-1","role":"ROLE_USER","parts":[{"text":"hello"}]}""";
    private const string OlderMessage = """{"kind":"message","messageId":"m-1","role":"user","parts":[{"kind":"text","text":"hello"}]}""";

    public static TheoryData<string> Prefixes { get; } = ["/", "/agents/echo", "/agents/echo/"];

    [Theory]
    [MemberData(nameof(Prefixes))]
    public async Task SendsOverBothBindingsAndVersionsWorkBelowThePath(string path)
    {
        await using var host = await WebHost.StartAsync(new ScriptedAgent(), app => app.MapA2A(path));
        var prefix = path.TrimEnd('/');

        foreach (var (at, body) in new[]
        {
            (prefix, Rpc("SendMessage", Message)), (prefix + "/", Rpc("SendMessage", Message)),
                (prefix + "//", Rpc("SendMessage", Message)),
            (prefix, Rpc("message/send", OlderMessage)),
            ($"{prefix}/message:send", $$"""{"message":{{Message}}}"""), ($"{prefix}//message:send", $$"""{"message":{{Message}}}"""),
            ($"{prefix}/acme/message:send", $$"""{"message":{{Message}}}"""),
            ($"{prefix}/v1/message:send", $$"""{"message":{{OlderV1Message}}}"""), ($"{prefix}/v1/acme/message:send", $$"""{"message":{{OlderV1Message}}}"""),
            ($"{prefix}/acme/v1/message:send", $$"""{"message":{{OlderV1Message}}}"""),
        })
        {
            var (response, answer) = await host.Client.ExchangeAsync(
                "POST", $"http://localhost{at}", body.Replace("m-1", $"{Guid.NewGuid()}", StringComparison.Ordinal));

            Assert.True(response.IsSuccessStatusCode && answer.Contains("\"echo\"", StringComparison.Ordinal),
                $"{at}: {response.StatusCode} {answer}");
        }
    }

    [Theory]
    [MemberData(nameof(Prefixes))]
    public async Task ANamedAgentIsServedBelowItsName(string path)
    {
        await using var host = await WebHost.StartAsync(
            new ScriptedAgent(),
            app =>
            {
                app.MapA2A(path);
                app.MapFallback(() => "fallback");
            },
            services => services.AddAgent("counter", new CountingAgent()));
        var counter = path.TrimEnd('/') + "/counter";

        foreach (var (at, body) in new[]
        {
            (counter, Rpc("SendMessage", Message)), (counter + "/", Rpc("SendMessage", Message)),
                (counter, Rpc("message/send", OlderMessage)),
            ($"{counter}/message:send", $$"""{"message":{{Message}}}"""), ($"{counter}//message:send", $$"""{"message":{{Message}}}"""),
            ($"{counter}/acme/message:send", $$"""{"message":{{Message}}}"""),
            ($"{counter}/v1/message:send", $$"""{"message":{{OlderV1Message}}}"""), ($"{counter}/v1/acme/message:send", $$"""{"message":{{OlderV1Message}}}"""),
        })
        {
            var (response, answer) = await host.Client.ExchangeAsync(
                "POST", $"http://localhost{at}", body.Replace("m-1", $"{Guid.NewGuid()}", StringComparison.Ordinal));

            Assert.True(response.IsSuccessStatusCode && answer.Contains("\"count\"", StringComparison.Ordinal),
                $"{at}: {response.StatusCode} {answer}");
        }

        foreach (var card in (string[])["/.well-known/agent-card.json", "/.well-known/agent.json"])
        {
            var json = await host.Client.GetFromJsonAsync<JsonElement>($"http://localhost{counter}{card}");
            Assert.All(json.GetProperty("supportedInterfaces").EnumerateArray(), each =>
                Assert.StartsWith($"http://localhost{counter}", each.GetProperty("url").GetString(), StringComparison.Ordinal));
        }

        Assert.Equal("fallback", (await host.Client.ExchangeAsync("GET", $"http://localhost{counter}")).Body);
        Assert.Equal("fallback", (await host.Client.ExchangeAsync("GET", $"http://localhost{counter}/other")).Body);
    }

    [Theory]
    [InlineData("/", "", "http://localhost/")]
    [InlineData("/agents/echo", "", "http://localhost/agents/echo/")]
    [InlineData("/agents/echo", "/base", "http://localhost/base/agents/echo/")]
    [InlineData("/", "/base", "http://localhost/base/")]
    public async Task TheCardNamesTheAddressThatItIsServedBelow(string path, string pathBase, string expected)
    {
        await using var host = await WebHost.StartAsync(new ScriptedAgent(), app =>
        {
            app.UsePathBase(pathBase);
            app.UseRouting();
            app.MapA2A(path);
        });

        foreach (var card in (string[])[".well-known/agent-card.json", ".well-known/agent.json", "/.well-known/agent-card.json"])
        {
            var json = await host.Client.GetFromJsonAsync<JsonElement>(expected + card);
            Assert.All(json.GetProperty("supportedInterfaces").EnumerateArray(), each =>
                Assert.Equal(expected, each.GetProperty("url").GetString()));
        }

        Assert.Equal(HttpStatusCode.OK, (await host.Client.GetAsync(new Uri(expected + ".well-known/jwks.json"))).StatusCode);
    }

    [Fact]
    public async Task AGroupWithAParameterIsPartOfTheAddress()
    {
        await using var host = await WebHost.StartAsync(new ScriptedAgent(), app => app.MapGroup("/{shop}").MapA2A("/agent"));

        var card = await host.Client.GetFromJsonAsync<JsonElement>("/books/agent/.well-known/agent-card.json");

        Assert.Equal("http://localhost/books/agent/", card.GetProperty("supportedInterfaces")[0].GetProperty("url").GetString());
        Assert.Contains("\"echo\"", (await host.Client.ExchangeAsync("POST", "/books/agent/message:send", $$"""{"message":{{Message}}}""")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheRequestsPathIsAsItWasForWhoeverComesAfter()
    {
        var seen = new List<string>();
        await using var host = await WebHost.StartAsync(new ScriptedAgent(), app =>
        {
            app.Use(async (context, next) =>
            {
                await next();
                seen.Add($"{context.Request.PathBase}|{context.Request.Path}");
            });
            app.MapA2A("/agents/echo");
        });

        await host.Client.GetAsync(new Uri("/agents/echo//tasks", UriKind.Relative));

        Assert.Equal(["|/agents/echo//tasks"], seen);
    }

    [Theory]
    [InlineData("GET", "/", "page")]
    [InlineData("GET", "/index.html", "file")]
    [InlineData("GET", "/orders/tasks", "orders")]
    [InlineData("POST", "/api/send", "sent")]
    [InlineData("GET", "/anything/else", "fallback")]
    [InlineData("GET", "/message:sent", "fallback")]
    public async Task OtherRoutesAreUntouchedBesideAnAgentAtTheRoot(string verb, string path, string expected)
    {
        using var files = IndexPage();
        await using var host = await WebHost.StartAsync(new ScriptedAgent(), app =>
        {
            app.UseStaticFiles(new StaticFileOptions { FileProvider = files });
            app.MapA2A();
            app.MapGet("/", () => "page");
            app.MapGet("/orders/tasks", () => "orders");
            app.MapPost("/api/send", () => "sent");
            app.MapFallback(() => "fallback");
        });

        Assert.Equal(expected, (await host.Client.ExchangeAsync(verb, path)).Body);
    }

    [Fact]
    public async Task AStaticPageAtTheRootIsServedBesideAnAgentThere()
    {
        using var files = IndexPage();
        await using var host = await WebHost.StartAsync(new ScriptedAgent(), app =>
        {
            app.UseDefaultFiles(new DefaultFilesOptions { FileProvider = files });
            app.UseStaticFiles(new StaticFileOptions { FileProvider = files });
            app.MapA2A();
        });

        Assert.Equal("file", (await host.Client.ExchangeAsync("GET", "/")).Body);
        Assert.Contains("\"echo\"", await host.Client.RpcAsync(Rpc("SendMessage", Message)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/agents/echo")]
    [InlineData("GET", "/agents/echo/other")]
    [InlineData("POST", "/agents/message:send")]
    [InlineData("POST", "/message:send")]
    [InlineData("GET", "/.well-known/agent-card.json")]
    public async Task WhatIsNotOfTheProtocolBelowThePathIsNotFound(string verb, string path)
    {
        await using var host = await WebHost.StartAsync(new ScriptedAgent(), app => app.MapA2A("/agents/echo"));

        Assert.Equal(
            HttpStatusCode.NotFound, (await host.Client.ExchangeAsync(verb, path, verb == "POST" ? "{}" : null)).Response.StatusCode);
    }

    [Fact]
    public async Task AVerbThatAResourceDoesNotTakeIsRejectedInTheShapeOfTheBinding()
    {
        await using var host = await WebHost.StartAsync(new ScriptedAgent(), app => app.MapA2A("/agents/echo"));

        var (response, body) = await host.Client.ExchangeAsync("DELETE", "/agents/echo/tasks");

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Contains("\"error\"", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RequireAuthorizationProtectsTheOperationsAndLeavesTheCardPublic()
    {
        await using var host = await WebHost.StartAsync(
            new ScriptedAgent(),
            app =>
            {
                app.UseAuthentication();
                app.UseAuthorization();
                app.MapA2A("/agent").RequireAuthorization();
            },
            services =>
            {
                services.AddAuthentication("test").AddScheme<AuthenticationSchemeOptions, NamedCaller>("test", null);
                services.AddAuthorization();
            });
        var body = $$"""{"message":{{Message}}}""";

        Assert.Equal(
            HttpStatusCode.Unauthorized, (await host.Client.ExchangeAsync("POST", "/agent/message:send", body)).Response.StatusCode);
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            (await host.Client.ExchangeAsync("POST", "/agent", Rpc("SendMessage", Message))).Response.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.Client.ExchangeAsync("GET", "/agent/tasks")).Response.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await host.Client.ExchangeAsync("GET", "/agent/.well-known/agent-card.json")).Response.StatusCode);
        Assert.Equal(
            HttpStatusCode.OK,
            (await host.Client.ExchangeAsync(RawHttp.Request("POST", "/agent/message:send", body)
            .With("X-Caller", "alice"))).Response.StatusCode);
    }

    [Fact]
    public async Task WithTheIdentityApplicationEachUserSeesOnlyItsOwnTasks()
    {
        await using var host = await WebHost.StartAsync(
            new ScriptedAgent(),
            app =>
            {
                app.UseAuthentication();
                app.MapA2A("/agent");
            },
            services => services.AddAuthentication("test").AddScheme<AuthenticationSchemeOptions, NamedCaller>("test", null),
            settings: ("Security:Identity:0", "application"));
        await host.Client.ExchangeAsync(RawHttp.Request("POST", "/agent/message:send", $$"""{"message":{{Message}}}""").With("X-Caller", "alice"));

        Assert.Equal(1, await CountAsync(host, "alice"));
        Assert.Equal(0, await CountAsync(host, "bob"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.Client.ExchangeAsync("GET", "/agent/tasks")).Response.StatusCode);
    }

    [Theory]
    [InlineData("read write", HttpStatusCode.OK)]
    [InlineData("read", HttpStatusCode.Forbidden)]
    public async Task TheScopesOfTheApplicationsUserGrantSkills(string scopes, HttpStatusCode expected)
    {
        await using var host = await WebHost.StartAsync(
            new ScriptedAgent(),
            app =>
            {
                app.Use((context, next) =>
                {
                    context.User = new(new ClaimsIdentity([new Claim("sub", "alice"), new Claim("scope", scopes)], "test"));
                    return next(context);
                });
                app.MapA2A("/agent");
            },
            settings:
            [
                ("Security:Identity:0", "application"), ("Agent:Skills:0:Id", "write"), ("Agent:Skills:0:Name", "Write"),
                ("Agent:Skills:0:Tags:0", "t"), ("Agent:Skills:0:RequiredScopes:0", "write"),
            ]);

        var answer = await host.Client.ExchangeAsync(
            "POST", "/agent/message:send", $$"""{ "message": {{Message}}, "metadata": { "serverlessa2a.skill": "write" } }""");

        Assert.Equal(expected, answer.Response.StatusCode);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/agents/echo")]
    public async Task StreamsAreServedAsTheyCome(string path)
    {
        var agent = new ScriptedAgent();
        await using var host = await WebHost.StartAsync(agent, app => app.MapA2A(path), settings: ("Tasks:GatherInterval", "00:00:00"));
        var message = Message.Replace("hello", "hold:gate", StringComparison.Ordinal);
        using var stream = await host.Client.StreamAsync(RawHttp.Request("POST", $"{path.TrimEnd('/')}/message:stream", $$"""{"message":{{message}}}"""));

        Assert.Contains("TASK_STATE_SUBMITTED", (await stream.ReadAsync())!.Data!, StringComparison.Ordinal);
        agent.Release("gate");
        var rest = await stream.ReadToEndAsync();

        Assert.Contains("TASK_STATE_COMPLETED", rest[^1].Data!, StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutTheEngineOrAStoreTheRemedyIsNamed()
    {
        var builder = WebApplication.CreateSlimBuilder();
        using var bare = (IDisposable)builder.Build();
        Assert.Contains(
            "AddServerlessA2A", Assert.Throws<InvalidOperationException>(() => ((WebApplication)bare).MapA2A()).Message,
            StringComparison.Ordinal);

        builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddServerlessA2A(builder.Configuration);
        using var storeless = (IDisposable)builder.Build();
        Assert.Contains(
            "AddInMemoryTasks", Assert.Throws<InvalidOperationException>(() => ((WebApplication)storeless).MapA2A()).Message,
            StringComparison.Ordinal);
    }

    private static async Task<int> CountAsync(WebHost host, string caller) =>
        (await host.Client.ExchangeAsync(RawHttp.Request("GET", "/agent/tasks").With("X-Caller", caller))).Body.Json()
            .GetProperty("totalSize").GetInt32();

    private static PhysicalFileProvider IndexPage()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "www");
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(folder).FullName, "index.html"), "file");
        return new PhysicalFileProvider(folder);
    }

    private static string OlderV1Message => """{"messageId":"m-1","role":"ROLE_USER","content":[{"text":"hello"}]}""";

    private static string Rpc(string method, string message) => $$$"""{"jsonrpc":"2.0","id":1,"method":"{{{method}}}","params":{"message":{{{message}}}}}""";

    private sealed class CountingAgent : IAgent
    {
        public IAsyncEnumerable<AgentUpdate> RunAsync(AgentContext context, CancellationToken cancellationToken) =>
            new[] { AgentUpdate.Artifact("count", "1") }.ToAsyncEnumerable();
    }

    /// <summary>Believes a header: for tests only.</summary>
    private sealed class NamedCaller(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(
            Request.Headers["X-Caller"] is [{ Length: > 0 } name]
                ? AuthenticateResult.Success(
                    new(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, name)], "test")), "test"))
                : AuthenticateResult.NoResult());
    }
}
