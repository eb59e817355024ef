using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Agents;
using ServerlessA2A.Chat;
using ServerlessA2A.Functions.Local;
using ServerlessA2A.Functions.Tests.Support;

namespace ServerlessA2A.Functions.Tests.LocalHost;

/// <summary>A whole program with several agents: every function, in one process, over HTTP.</summary>
public sealed class SeveralAgentsTests
{
    private static readonly string[] InMemory = ["--urls", "http://127.0.0.1:0", "--A2A:Tasks:Store", "InMemory"];

    [Fact]
    public async Task EachAnswersAtItsPathAndTheFirstOneAtTheRootToo()
    {
        await using var program = await StartAsync(Three(InMemory));
        using var client = ClientOf(program);

        var made = new Dictionary<string, string>();
        foreach (var (path, agent) in new[] { ("/weather", "weather"), ("/news/", "news"), ("/sport", "sport"), ("/", "weather") })
        {
            var task = (await CallAsync(client, path, Requests.Send("hello"))).GetProperty("result").GetProperty("task");
            Assert.Equal(("TASK_STATE_COMPLETED", agent), (task.State(), task.ArtifactText()));
            made[path] = task.GetProperty("id").GetString()!;
        }

        // One agent, at two addresses; and another one.
        Assert.True((await CallAsync(client, "/", Requests.Get(made["/weather"]))).TryGetProperty("result", out _));
        Assert.True((await CallAsync(client, "/weather", Requests.Get(made["/"]))).TryGetProperty("result", out _));
        Assert.Equal(
            -32001, (await CallAsync(client, "/news", Requests.Get(made["/"]))).GetProperty("error").GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task EachHasItsCardWhicheverFunctionIsAsked()
    {
        await using var program = await StartAsync(
            Three([.. InMemory, "--A2A:Agents:news:Name", "The news", "--A2A:Agent:Name", "The first"]));
        using var client = ClientOf(program);

        foreach (var (path, name) in new[] { ("/", "The first"), ("/weather/", "The first"), ("/news/", "The news"), ("/sport/", "sport") })
        {
            using var card = JsonDocument.Parse(
                await client.GetStringAsync(new Uri($"{path}.well-known/agent-card.json", UriKind.Relative)));
            Assert.Equal(name, card.RootElement.GetProperty("name").GetString());
            Assert.Equal(new Uri(client.BaseAddress!, path), new Uri(card.RootElement.GetProperty("url").GetString()!));
        }

        Assert.Contains(
            "keys", await client.GetStringAsync(new Uri("/news/.well-known/jwks.json", UriKind.Relative)), StringComparison.Ordinal);
        using var posted = await client.PostAsync(new Uri("/news/.well-known/agent-card.json", UriKind.Relative), content: null);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, posted.StatusCode);
    }

    [Fact]
    public async Task EachIsPrintedWithItsAddress()
    {
        await using var program = await StartAsync(Three(InMemory));
        await using var withDefault = await StartAsync(Three(InMemory).AddAgent(new NamedAgent("default")));
        await using var single = await StartAsync(A2AFunctions.CreateBuilder(InMemory));

        Assert.Contains(
            "  weather:            http://here/weather and http://here/\n  news:               http://here/news\n", Printed(program),
            StringComparison.Ordinal);
        Assert.Contains(
            "  (default):          http://here/\n  weather:            http://here/weather\n", Printed(withDefault),
            StringComparison.Ordinal);
        Assert.DoesNotContain("Agents:", Printed(single), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnAgentWithoutANameIsTheDefault()
    {
        await using var program = await StartAsync(Three(InMemory).AddAgent(new NamedAgent("default")));
        using var client = ClientOf(program);

        var task = (await CallAsync(client, "/", Requests.Send("hello"))).GetProperty("result").GetProperty("task");
        Assert.Equal("default", task.ArtifactText());
        Assert.Equal(
            -32001, (await CallAsync(client, "/weather", Requests.Get(task.GetProperty("id").GetString()!))).GetProperty("error")
            .GetProperty("code").GetInt32());
    }

    /// <summary>The agent that ships takes the place of none: it is there where no other one is.</summary>
    [Theory]
    [InlineData(null, "", nameof(OfflineAgent))]
    [InlineData("gemini-test", "", nameof(ChatAgent))]
    [InlineData(null, "weather", nameof(NamedAgent))]
    [InlineData("gemini-test", "weather", nameof(NamedAgent))]
    public async Task TheAgentThatShipsIsNotAddedBesideNamedOnes(string? model, string name, string type)
    {
        string[] settings = model is null ? InMemory : [.. InMemory, "--A2A:Gemini:Model", model, "--A2A:Gemini:ProjectId", "somebodys"];
        await using var program = Local.LocalHost.Build(name.Length > 0 ? Three(settings) : A2AFunctions.CreateBuilder(settings));

        var agents = program.Services.GetRequiredService<HostedAgents>();

        Assert.Equal((name, type), (agents.Default.Name, agents.Default.Agent.GetType().Name));
        Assert.Equal(name.Length > 0 ? 3 : 1, agents.All.Count);
    }

    [Fact]
    public async Task SettingsOfAnAgentThatIsNotThereKeepTheProgramFromStarting()
    {
        await using var program = Local.LocalHost.Build(Three([.. InMemory, "--A2A:Agents:wether:Name", "x"]));

        var fault = await Assert.ThrowsAnyAsync<Exception>(() => program.StartAsync());

        Assert.Equal(
            ["A2A:Agents:wether (A2A__Agents__wether) is set, but the program has no agent 'wether': its agents are weather, news, sport."],
            StartFaults.Describe(fault));
    }

    /// <summary>What is demanded of the agent at / where it is deployed is demanded of each.</summary>
    [Fact]
    public async Task WebhooksOfAnyAgentNeedAKeyWhereItIsDeployed()
    {
        string[] deployed = ["--urls", "http://127.0.0.1:0", "--K_SERVICE", "message", "--A2A:GoogleCloud:ProjectId", "somebodys",
            "--A2A:Security:Identity:0", "iam"];
        await using var program = Local.LocalHost.Build(Three([.. deployed, "--A2A:Agents:news:PushNotifications", "true"]));

        var fault = await Assert.ThrowsAnyAsync<Exception>(() => program.StartAsync());

        Assert.StartsWith(
            "A2A:Agent:PushNotifications (A2A__Agent__PushNotifications), or that of an agent in A2A:Agents, is true, but there are no " +
            "A2A:Security:EncryptionKeys",
            Assert.Single(StartFaults.Describe(fault)!), StringComparison.Ordinal);
    }

    // Tests beside these start emulators, whose variables are those of this process too.
    private static A2AFunctionsBuilder Three(string[] args) => A2AFunctions
        .CreateBuilder([.. args, "--FIRESTORE_EMULATOR_HOST", "", "--PUBSUB_EMULATOR_HOST", ""])
        .AddAgent("weather", new NamedAgent("weather")).AddAgent<NewsAgent>("news").AddAgent("sport", _ => new NamedAgent("sport"));

    private static async Task<WebApplication> StartAsync(A2AFunctionsBuilder builder)
    {
        var program = Local.LocalHost.Build(builder);
        await program.StartAsync();
        return program;
    }

    private static HttpClient ClientOf(WebApplication program) => new() { BaseAddress = new Uri(program.Urls.First()) };

    private static string Printed(WebApplication program)
    {
        using var output = new StringWriter { NewLine = "\n" };
        Banner.Write(output, "http://here/", program.Services);
        return output.ToString();
    }

    private static async Task<JsonElement> CallAsync(HttpClient client, string path, string body)
    {
        using var content = Requests.Json(body);
        using var response = await client.PostAsync(new Uri(path, UriKind.Relative), content);
        return JsonElement.Parse(await response.Content.ReadAsStringAsync());
    }

    private class NamedAgent(string name) : IAgent
    {
        public async IAsyncEnumerable<AgentUpdate> RunAsync(
            AgentContext context, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.Yield();
            yield return AgentUpdate.Artifact("name", name);
        }
    }

    private sealed class NewsAgent() : NamedAgent("news");
}
