using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Cards;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Agents;

public class AgentCardsTests
{
    private static readonly Uri Here = new("https://here.example/a2a");

    [Fact]
    public void AnExtensionShowsItsParameters()
    {
        var options = new AgentCardOptions();
        options.Extensions.Add(new ExtensionOptions { Uri = "urn:x", Params = """{"a": [1.50]}""" });
        var card = new AgentCards(Options.Create(options)).Public(new Uri("https://agent.example/"));
        foreach (var text in new[] { Describe.Json(card), Write(WireFormat.V0_3JsonRpc.WriteCard), Write(WireFormat.WriteBlendedCard) })
            Assert.Contains(""","params":{"a": [1.50]}""", text, StringComparison.Ordinal);

        string Write(Action<Utf8JsonWriter, AgentCard> write)
        {
            var buffer = new ArrayBufferWriter<byte>();
            using (var json = new Utf8JsonWriter(buffer))
                write(json, card);
            return Encoding.UTF8.GetString(buffer.WrittenSpan);
        }
    }

    [Fact]
    public void TheCardOfAnUnconfiguredAgentSaysWhatIsSwitchedOnByDefault()
    {
        var card = CardOf(new AgentCardOptions());
        Assert.Equal(
            (true, false, false), (card.Capabilities.Streaming, card.Capabilities.PushNotifications, card.Capabilities.ExtendedAgentCard));
        Assert.Equal(["text/plain", "application/json"], card.DefaultInputModes);
        Assert.Equal(["text/plain"], card.DefaultOutputModes);
        Assert.Equal((card.Name, card.Description), (Assert.Single(card.Skills).Name, card.Skills[0].Description));
        Assert.Null(card.Provider);
        Assert.Null(card.Capabilities.Extensions);
        Assert.DoesNotContain(":null", Describe.Json(card), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(false, false)]
    public void TheCapabilitiesFollowTheSwitches(bool streaming, bool pushNotifications)
    {
        var options = new AgentCardOptions { Streaming = streaming, PushNotifications = pushNotifications };
        Assert.Equal(
            (streaming, pushNotifications), (CardOf(options).Capabilities.Streaming, CardOf(options).Capabilities.PushNotifications));
        Assert.Equal((streaming, pushNotifications), (Cards(options).Streaming, Cards(options).PushNotifications));
    }

    [Fact]
    public void BothVersionsAreReachedOverBothBindingsWhereTheRequestCameTo() => Assert.Equal(
        [("JSONRPC", "1.0"), ("HTTP+JSON", "1.0"), ("JSONRPC", "0.3"), ("HTTP+JSON", "0.3")],
        CardOf(new AgentCardOptions()).SupportedInterfaces.Select(one =>
        {
            Assert.Equal(Here.AbsoluteUri, one.Url);
            return (one.ProtocolBinding, one.ProtocolVersion);
        }));

    [Fact]
    public void AConfiguredAddressCountsBeforeTheRequests() =>
        Assert.All(CardOf(new AgentCardOptions { PublicUrl = "https://public.example/x" }).SupportedInterfaces, one =>
            Assert.Equal("https://public.example/x", one.Url));

    [Fact]
    public void WhatIsConfiguredIsOnTheCard()
    {
        var options = new AgentCardOptions
        {
            Name = "n",
            Description = "d",
            Version = "2",
            DocumentationUrl = "https://d.example",
            IconUrl = "https://i.example",
            ProviderOrganization = "o",
            ProviderUrl = "https://p.example",
        };
        options.InputModes.Add("image/*");
        options.OutputModes.Add("image/png");
        var skill = new SkillOptions { Id = "s", Name = "sn", Description = "sd" };
        skill.Tags.Add("t");
        skill.Examples.Add("e");
        skill.InputModes.Add("audio/*");
        skill.OutputModes.Add("text/html");
        options.Skills.Add(skill);
        options.Extensions.Add(new ExtensionOptions { Uri = "urn:x", Description = "xd", Required = true });

        var card = CardOf(options);

        Assert.Equal(
            ("n", "d", "2", "https://d.example", "https://i.example"),
            (card.Name, card.Description, card.Version, card.DocumentationUrl, card.IconUrl));
        Assert.Equal(("o", "https://p.example"), (card.Provider!.Organization, card.Provider.Url));
        Assert.Equal("""{"id":"s","name":"sn","description":"sd","tags":["t"],"examples":["e"],"inputModes":["audio/*"],"outputModes":["text/html"]}""", JsonElement.Parse(Describe.Json(card)).GetProperty("skills")[0].GetRawText());
        Assert.Equal(
            new AgentExtension { Uri = "urn:x", Description = "xd", Required = true }, Assert.Single(card.Capabilities.Extensions!));
        Assert.Equal("image/*", Assert.Single(card.DefaultInputModes));
    }

    [Theory]
    [InlineData(false, "UnsupportedOperation")]
    [InlineData(true, "ExtendedAgentCardNotConfigured")]
    public void AnExtendedCardIsRefusedAsThePublicOneSays(bool declared, string error)
    {
        var options = new AgentCardOptions { ExtendedCard = declared };
        Assert.Equal(declared, CardOf(options).Capabilities.ExtendedAgentCard);
        Assert.Equal(error, Assert.Throws<A2AException>(() => Cards(options).Extended(Here)).Error.Name);
    }

    [Fact]
    public void TheExtendedCardSaysWhatThePublicOneDoesAndMore()
    {
        var options = new AgentCardOptions { ExtendedCard = true, DocumentationUrl = "https://docs.example" };
        options.Extended.Skills.Add(new SkillOptions { Id = "audit", Name = "Audit" });
        options.Extended.Skills[0].InputModes.Add("image/*");

        var card = Cards(options).Extended(Here);

        Assert.Equal(["chat", "audit"], card.Skills.Select(skill => skill.Id));
        Assert.Equal(Describe.Json(CardOf(options)), Describe.Json(card with { Skills = CardOf(options).Skills }));
        Assert.Equal("chat", Assert.Single(CardOf(options).Skills).Id);
        // What a further skill reads is read.
        Cards(options).CheckMediaTypes(Request([Part.FromBytes(new byte[] { 1 }, "image/png")]));
    }

    [Fact]
    public void TheExtendedCardHasItsOwnWordsWhereTheyAreConfigured()
    {
        var options = new AgentCardOptions
        {
            ExtendedCard = true,
            DocumentationUrl = "https://docs.example",
            Extended = { Description = "more", DocumentationUrl = "https://inside.example" }
        };

        Assert.Equal(
            ("more", "https://inside.example"),
            (Cards(options).Extended(Here).Description, Cards(options).Extended(Here).DocumentationUrl));
        Assert.Equal(
            ("https://docs.example", new AgentCardOptions().Description), (CardOf(options).DocumentationUrl, CardOf(options).Description));
    }

    [Fact]
    public void APartOfATypeThatTheAgentDoesNotReadIsRefusedAndNamed()
    {
        var request = Request([Part.FromText("x"), Part.FromUri("https://x.example", "image/png")]);
        var refusal = Assert.Throws<A2AException>(() => Cards(new AgentCardOptions()).CheckMediaTypes(request));
        Assert.Equal(A2AError.ContentTypeNotSupported, refusal.Error);
        Assert.Equal("message.parts[1] has the media type 'image/png'; the agent reads text/plain, application/json.", refusal.Message);
    }

    [Fact]
    public void WhatTheAgentOrOneOfItsSkillsReadsIsTaken()
    {
        var options = new AgentCardOptions();
        options.Skills.Add(new SkillOptions { Id = "s", Name = "s" });
        options.Skills[0].InputModes.Add("image/*");
        Cards(options).CheckMediaTypes(Request(
        [
            Part.FromText("x") with { MediaType = "text/markdown" },
            Part.FromData(JsonElement.Parse("{}")) with { MediaType = "application/vnd.x+json" },
            Part.FromBytes(new byte[] { 1 }, "image/png"),
            // Of a file without a type nothing is known.
            Part.FromBytes(new byte[] { 1 }),
        ]));
    }

    [Fact]
    public void AClientThatCanTakeNothingThatTheAgentWritesIsRefused()
    {
        var cards = Cards(new AgentCardOptions());
        foreach (var accepted in new IReadOnlyList<string>?[] { null, [], ["audio/*", "text/plain"], ["*/*"] })
            cards.CheckMediaTypes(Request([Part.FromText("x")], accepted));
        var refusal = Assert.Throws<A2AException>(() => cards.CheckMediaTypes(Request([Part.FromText("x")], ["audio/*"])));
        Assert.Equal("configuration.acceptedOutputModes must contain a media type that the agent writes: text/plain.", refusal.Message);
    }

    private static SendMessageRequest Request(IReadOnlyList<Part> parts, IReadOnlyList<string>? accepted = null) => new()
    {
        Message = new Message { MessageId = "m", Role = Role.User, Parts = parts },
        Configuration = new SendMessageConfiguration { AcceptedOutputModes = accepted },
    };

    private static AgentCards Cards(AgentCardOptions options) => new(Options.Create(options));

    private static AgentCard CardOf(AgentCardOptions options) => Cards(options).Public(Here);
}
