using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using ServerlessA2A.Agents;
using ServerlessA2A.Bindings.Operations;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Cards;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Signatures;
using ServerlessA2A.Security;
using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Bindings.Harness.Protocols;
using ServerlessA2A.Tests.Bindings.Security;
using ServerlessA2A.Tests.Security;
using ServerlessA2A.Tests.Security.Limits;

namespace ServerlessA2A.Tests.Bindings.Cards;

/// <summary>The card for authenticated callers (A2A 1.0, section 3.1.11).</summary>
public sealed class ExtendedCardTests
{
    private static readonly Caller Known = new("", "somebody");

    /// <summary>The versions, in each binding where their cards differ, and whether they have the members of 1.0.</summary>
    public static TheoryData<string> Forms => ["1.0", "0.3 JSON-RPC", "0.3 HTTP+JSON"];

    [Theory]
    [InlineData("false", "UNSUPPORTED_OPERATION")]
    [InlineData("true", "UNAUTHENTICATED")]
    public async Task WhoHasNotSaidWhoItIsGetsNoneOverAnyBindingInAnyVersion(string declared, string reason)
    {
        (string, string)[] additions = declared == "true" ? [("Agent:Extended:Description", "more")] : [];
        await using var host = await AgentHost.StartAsync([("Agent:ExtendedCard", declared), .. additions]);
        Wire[] wires = [new JsonRpcWire(host.Client), new HttpJsonWire(host.Client), new JsonRpcV03Wire(host.Client),
            new HttpJsonV03Wire(host.Client)];
        foreach (var wire in wires)
        {
            var reply = await wire.AskAsync(wire.ExtendedCardRequest());

            Assert.Equal(reason, reply.Reason);
            Assert.Equal(reason == "UNAUTHENTICATED", reply.Status == HttpStatusCode.Unauthorized);
            var (response, _) = await host.Client.ExchangeAsync(wire.ExtendedCardRequest());
            Assert.False(response.Headers.Contains("WWW-Authenticate"));
        }
    }

    /// <summary>RFC 9110, section 15.5.2: a 401 says how to do better; and it is an event of the door, as every other is.</summary>
    [Fact]
    public async Task WhoIsLetInAnonymouslyIsToldHowToSayWhoItIs()
    {
        await using var host = await AgentHost.StartAsync(
            [.. KnownCallers.Settings, ("Security:Identity:1", "none"), ("Agent:ExtendedCard", "true")]);
        Wire[] wires = [new JsonRpcWire(host.Client), new HttpJsonWire(host.Client), new JsonRpcV03Wire(host.Client),
            new HttpJsonV03Wire(host.Client)];
        foreach (var wire in wires)
        {
            var (response, _) = await host.Client.ExchangeAsync(wire.ExtendedCardRequest());

            Assert.Equal(
                ("Unauthorized", "ApiKey header=\"X-API-Key\""),
                ($"{response.StatusCode}", Assert.Single(response.Headers.GetValues("WWW-Authenticate"))));
        }

        Assert.Equal([4001, 4001, 4001, 4001], host.Log.SecurityEvents.Select(logged => logged.Id.Id));
    }

    [Fact]
    public async Task WhoHasSaidWhoItIsGetsItOverEveryWire()
    {
        await using var host = await AgentHost.StartAsync(
            [.. KnownCallers.Settings, ("Agent:ExtendedCard", "true"), ("Agent:Extended:Description", "for some only")]);
        using var alice = host.ClientOf("alice");
        Wire[] wires = [new JsonRpcWire(alice), new HttpJsonWire(alice), new JsonRpcV03Wire(alice), new HttpJsonV03Wire(alice)];
        foreach (var wire in wires)
        {
            var reply = await wire.AskAsync(wire.ExtendedCardRequest());

            Assert.Equal((HttpStatusCode.OK, "for some only"), (reply.Status, reply["description"].GetString()));
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void AnAuthenticatedCallerGetsItSignedInTheFormOfItsVersion(string form)
    {
        var (wire, keys) = (WireOf(form), new SigningKeys(TestKeys.Signing(TestKeys.Jwk(TestKeys.Ec, ("kid", "ec")))));
        var options = new AgentCardOptions { ExtendedCard = true };
        options.Extended.Skills.Add(new SkillOptions { Id = "audit", Name = "Audit", Tags = { "t" } });

        var card = JsonOf(wire, Operation(keys).CardFor(CardsOf(options), Known, wire, Context()));

        Assert.Equal(
            ["chat", "audit"], card.Json().GetProperty("skills").EnumerateArray().Select(skill => skill.GetProperty("id").GetString()));
        Assert.Equal(form == "1.0", card.Json().TryGetProperty("supportedInterfaces", out _));
        var verification = AgentCardSignatures.Verify(System.Text.Encoding.UTF8.GetBytes(card), keys.WriteKeySet());
        Assert.Null(verification.Reason);
        Assert.Equal("ec", verification.KeyId);
    }

    [Fact]
    public void WithoutKeysItIsNotSigned()
    {
        var options = new AgentCardOptions { ExtendedCard = true, Extended = { Description = "more" } };

        Assert.Null(Operation().CardFor(CardsOf(options), Known, WireFormat.V1, Context()).Signatures);
    }

    [Theory]
    [InlineData(false, false, "", "UnsupportedOperation")]
    [InlineData(false, false, "somebody", "UnsupportedOperation")]
    [InlineData(true, false, "", "Unauthenticated")]
    [InlineData(true, true, "", "Unauthenticated")]
    [InlineData(true, false, "somebody", "ExtendedAgentCardNotConfigured")]
    public void AStrangerIsNotToldWhetherThereIsMore(bool declared, bool hasMore, string caller, string error)
    {
        var options = new AgentCardOptions { ExtendedCard = declared, Extended = { Description = hasMore ? "more" : null } };

        Assert.Equal(
            error, Assert.Throws<A2AException>(() => Operation()
            .CardFor(CardsOf(options), new Caller("tenant", caller), WireFormat.V1, Context())).Error.Name);
    }

    private static GetExtendedAgentCard Operation(SigningKeys? keys = null) =>
        new(TestAdmission.Of(new SecurityOptions()), keys ?? new SigningKeys(TestKeys.Signing()));

    private static AgentCards CardsOf(AgentCardOptions options) => new(Options.Create(options));

    private static WireFormat WireOf(string form) => form switch
    {
        "1.0" => WireFormat.V1,
        "0.3 JSON-RPC" => WireFormat.V0_3JsonRpc,
        _ => WireFormat.V0_3Http,
    };

    private static DefaultHttpContext Context()
    {
        var context = new DefaultHttpContext();
        (context.Request.Scheme, context.Request.Host) = ("https", new HostString("agent.example"));
        return context;
    }

    private static string JsonOf(WireFormat wire, AgentCard card)
    {
        using var buffer = new MemoryStream();
        using var json = new Utf8JsonWriter(buffer, ProtocolJson.WriterOptions);
        wire.WriteCard(json, card);
        json.Flush();
        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }
}
