using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Bindings.Harness.Protocols;
using ServerlessA2A.Tests.Security.Authentication;

namespace ServerlessA2A.Tests.Bindings.Security;

/// <summary>Each thing that happens at the door is an event with an id of its own, and says nothing that is secret.</summary>
public sealed class SecurityEventTests : IDisposable
{
    private const string Secret = "between-us";

    private static readonly string Token = $"{TestToken.Good.With("exp", "1")}";

    private readonly OidcSetup _oidc = new();

    public static TheoryData<string> WireNames => [.. Wires.Names];

    public void Dispose() => _oidc.Dispose();

    [Theory]
    [MemberData(nameof(WireNames))]
    public async Task EveryRefusalIsAnEventAndHoldsNeitherCredentialNorText(string wireName)
    {
        await using var host = await StartAsync(
            ("Security:AllowedCallers:0", "api-key alice"), ("Limits:UnfinishedTasks", "1"), ("Limits:MessageSize", "100"),
            ("Limits:HistoryMessages", "1"));
        using var alice = host.ClientOf("alice");
        using var bob = host.ClientOf("bob");
        var (wire, nobody, others) = (Wires.Of(wireName, alice), Wires.Of(wireName, host.Client), Wires.Of(wireName, bob));

        await AssertLoggedAsync(
            host, nobody, Send(nobody).With("X-API-Key", "a-wrong-key"), 4000, "with ApiKey; request rejected", "a-wrong-key");
        await AssertLoggedAsync(
            host, nobody, Send(nobody).With("Authorization", $"Bearer {Token}"), 4000, "with Oidc; request rejected", Token);
        await AssertLoggedAsync(host, nobody, Send(nobody), 4001, "Credential missing", "");
        await AssertLoggedAsync(
            host, nobody, Send(nobody).With("Authorization", "Bearer opaque-and-unknown"), 4001, "Credential missing",
            "opaque-and-unknown");
        await AssertLoggedAsync(host, others, Send(others), 4002, "bob of api-key for ", KnownCallers.KeyOf("bob"));
        await AssertLoggedAsync(host, wire, wire.GetRequest("not-there"), 4005, "7:api-key:alice", KnownCallers.KeyOf("alice"));
        await AssertLoggedAsync(
            host, wire, wire.SendRequest(Secret, new SendOptions { TaskId = "not-there" }), 4005, "Task not-there not found",
            KnownCallers.KeyOf("alice"));
        await wire.SendAsync("hold:" + Secret, new SendOptions { Wait = false });
        await AssertLoggedAsync(
            host, wire, Send(wire), 4004, "7:api-key:alice: UnfinishedTasks is 1; request rejected", KnownCallers.KeyOf("alice"));
    }

    /// <summary>Another's webhooks are a refused isolation as much as its tasks are.</summary>
    [Theory]
    [MemberData(nameof(WireNames))]
    public async Task WebhooksOfTasksThatAreNotTheirsAndAddressesThatAreNotPublicAreEvents(string wireName)
    {
        await using var host = await StartAsync();
        using var alice = host.ClientOf("alice");
        var wire = Wires.Of(wireName, alice);
        HttpRequestMessage[] requests =
        [
            wire.CreateConfigRequest("not-there", "https://example.com/" + Secret, "h"), wire.GetConfigRequest("not-there", "h"),
            wire.ListConfigsRequest("not-there"),
            wire.DeleteConfigRequest("not-there", "h"),
        ];
        foreach (var request in requests)
            await AssertLoggedAsync(
                host, wire, request, 4005, "Task not-there not found or not owned by 0::7:api-key:alice; request rejected", Secret);

        var taskId = await wire.SendAsync("echo:x");
        await AssertLoggedAsync(
            host, wire, wire.CreateConfigRequest(taskId, "https://127.0.0.1/" + Secret, "h"), 4006,
            "Webhook URL rejected for 0::7:api-key:alice", Secret);
    }

    [Theory]
    [MemberData(nameof(WireNames))]
    public async Task ARateThatIsUsedUpNamesItsCaller(string wireName)
    {
        await using var host = await StartAsync(("Limits:RequestsPerSecond", "0.01"), ("Limits:RequestBurst", "1"));
        using var alice = host.ClientOf("alice");
        var wire = Wires.Of(wireName, alice);
        await wire.AskAsync(wire.GetRequest("x"));

        await AssertLoggedAsync(
            host, wire, Send(wire), 4004, "Limit exceeded by 7:api-key:alice: RequestsPerSecond is 0.01", KnownCallers.KeyOf("alice"));
    }

    [Theory]
    [MemberData(nameof(WireNames))]
    public async Task AProviderThatIsDownIsAnEventAndAnErrorOfTheLog(string wireName)
    {
        await using var host = await StartAsync();
        host.ErrorsAreExpected = true;
        _oidc.IsDown = true;
        var wire = Wires.Of(wireName, host.Client);
        var token = $"{TestToken.Good}";

        await AssertLoggedAsync(
            host, wire, Send(wire).With("Authorization", $"Bearer {token}"), 4003, "Identity provider unavailable for Oidc", token);
    }

    private static HttpRequestMessage Send(Wire wire) => wire.SendRequest(Secret, new SendOptions());

    private Task<AgentHost> StartAsync(params (string Name, string Value)[] settings) => AgentHost.StartAsync(
        services => services.AddSingleton(_oidc.Provider.Client(TimeProvider.System)),
        [.. KnownCallers.Settings, .. KnownCallers.OidcSettings, .. settings]);

    /// <summary>Asserts what one request has added to the log.</summary>
    private static async Task AssertLoggedAsync(
        AgentHost host, Wire wire, HttpRequestMessage request, int id, string text, string credential)
    {
        var before = host.Log.SecurityEvents.Count();
        await wire.Client.ExchangeAsync(request);

        var logged = Assert.Single(host.Log.SecurityEvents.Skip(before));
        Assert.Equal(id, logged.Id.Id);
        Assert.Contains(text, logged.Text, StringComparison.Ordinal);
        foreach (var (_, each) in host.Log.Events)
        {
            Assert.DoesNotContain(Secret, each, StringComparison.Ordinal);
            foreach (var part in credential.Split('.').Where(part => part.Length > 0))
                Assert.DoesNotContain(part, each, StringComparison.Ordinal);
        }
    }
}
