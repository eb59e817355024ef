using System.Text.Json.Nodes;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Errors;

namespace ServerlessA2A.Tests.Protocol.V0_3;

public class CardTests
{
    private const string Scopes = "\"scopes\":{\"s_1\":\"one\"}";
    private const string Addresses =
        "\"url\":\"https://x.example/rpc\",\"preferredTransport\":\"JSONRPC\"," +
        "\"additionalInterfaces\":[{\"url\":\"https://x.example/rpc\",\"transport\":\"JSONRPC\"}," +
        "{\"url\":\"https://x.example/rest\",\"transport\":\"HTTP+JSON\"}]";

    [Fact]
    public void TheCardOf0_3HasItsOwnShape() => Assert.Equal(
        $$$"""{"protocolVersion":"0.3.0","name":"a","description":"b",{{{Addresses}}},"provider":{"url":"https://p.example","organization":"o"},"version":"1","documentationUrl":"https://d.example","iconUrl":"https://i.example","capabilities":{"streaming":true,"pushNotifications":false,"extensions":[{"uri":"urn:x","description":"e","required":true,"params":{"snake_case":1}}]},"securitySchemes":{"my_key":{"type":"apiKey","description":"d","name":"X-Key","in":"header"}},"security":[{"my_key":["s_1"],"other":[]}],"defaultInputModes":["text/plain"],"defaultOutputModes":["text/plain"],"skills":[{"id":"s","name":"n","description":"d","tags":["t"],"examples":["e"],"inputModes":["i"],"outputModes":["o"],"security":[{"my_key":["s_2"]}]}],"supportsAuthenticatedExtendedCard":true,"signatures":[{"protected":"p","signature":"s","header":{"kid":"k_1"}}]}""",
        Card(Formats.JsonRpc, CardCases.Full));

    [Fact]
    public void OverHttpSecurityIsThatOfTheProtoFile() => Assert.Equal(
        $$$$"""{"protocolVersion":"0.3.0","name":"a","description":"b",{{{{Addresses}}}},"provider":{"url":"https://p.example","organization":"o"},"version":"1","documentationUrl":"https://d.example","iconUrl":"https://i.example","capabilities":{"streaming":true,"pushNotifications":false,"extensions":[{"uri":"urn:x","description":"e","required":true,"params":{"snake_case":1}}]},"securitySchemes":{"my_key":{"apiKeySecurityScheme":{"description":"d","location":"header","name":"X-Key"}}},"security":[{"schemes":{"my_key":{"list":["s_1"]},"other":{"list":[]}}}],"defaultInputModes":["text/plain"],"defaultOutputModes":["text/plain"],"skills":[{"id":"s","name":"n","description":"d","tags":["t"],"examples":["e"],"inputModes":["i"],"outputModes":["o"],"security":[{"schemes":{"my_key":{"list":["s_2"]}}}]}],"supportsAuthenticatedExtendedCard":true,"signatures":[{"protected":"p","signature":"s","header":{"kid":"k_1"}}]}""",
        Card(Formats.Http, CardCases.Full));

    [Fact]
    public void TheBlendedCardHasTheMembersOfBoth()
    {
        var blended = Blended(CardCases.Full);
        var both = JsonNode.Parse(blended)!.AsObject();
        AssertContains(both, JsonNode.Parse(Card(Formats.JsonRpc, CardCases.Full))!);
        AssertContains(both, JsonNode.Parse(CardCases.Full)!);
        Assert.Equal(CardCases.Full, Wire.Write(CardCases.Read(blended)));
    }

    [Fact]
    public void TheBlendedCardMergesSchemesAndSkills()
    {
        var blended = Blended(CardCases.Full);
        Assert.Contains(
            "\"my_key\":{\"type\":\"apiKey\",\"description\":\"d\",\"name\":\"X-Key\",\"in\":\"header\"," +
            "\"apiKeySecurityScheme\":{\"description\":\"d\",\"location\":\"header\",\"name\":\"X-Key\"}}",
            blended, StringComparison.Ordinal);
        Assert.Contains(
            "\"security\":[{\"my_key\":[\"s_2\"]}],\"securityRequirements\":[{\"schemes\":{\"my_key\":{\"list\":[\"s_2\"]}}}]", blended,
            StringComparison.Ordinal);
        Assert.Contains("\"extendedAgentCard\":true", blended, StringComparison.Ordinal);
    }

    [Fact]
    public void ACardWithoutAnAddressFor0_3IsOnlyThatOf1_0()
    {
        Assert.Same(A2AError.VersionNotSupported, Wire.Refused(() => Card(Formats.JsonRpc, CardCases.Minimal)).Error);
        Assert.Equal(CardCases.Minimal, Blended(CardCases.Minimal));
    }

    [Fact]
    public void TheCardOf1_0IsWrittenAsItIs() => Assert.Equal(CardCases.Full, Card("1.0", CardCases.Full));

    public static TheoryData<string, string> Schemes => new()
    {
        { """{"apiKeySecurityScheme":{"location":"cookie","name":"k"}}""", """{"type":"apiKey","name":"k","in":"cookie"}""" },
        { """{"httpAuthSecurityScheme":{"description":"d","scheme":"bearer","bearerFormat":"JWT"}}""", """{"type":"http","description":"d","scheme":"bearer","bearerFormat":"JWT"}""" },
        { """{"openIdConnectSecurityScheme":{"description":"d","openIdConnectUrl":"o"}}""", """{"type":"openIdConnect","description":"d","openIdConnectUrl":"o"}""" },
        { """{"mtlsSecurityScheme":{"description":"d"}}""", """{"type":"mutualTLS","description":"d"}""" },
        { """{"mtlsSecurityScheme":{}}""", """{"type":"mutualTLS"}""" },
        {
            $$$"""{"oauth2SecurityScheme":{"description":"d","flows":{"clientCredentials":{"tokenUrl":"t","refreshUrl":"r",{{{Scopes}}}}},"oauth2MetadataUrl":"m"}}""",
            $$$"""{"type":"oauth2","description":"d","flows":{"clientCredentials":{"tokenUrl":"t","refreshUrl":"r",{{{Scopes}}}}},"oauth2MetadataUrl":"m"}"""
        },
        {
            $$$$$"""{"oauth2SecurityScheme":{"flows":{"authorizationCode":{"authorizationUrl":"a","tokenUrl":"t",{{{{{Scopes}}}}}}}}}""",
            $$$$"""{"type":"oauth2","flows":{"authorizationCode":{"authorizationUrl":"a","tokenUrl":"t",{{{{Scopes}}}}}}}"""
        },
        {
            """{"oauth2SecurityScheme":{"flows":{"implicit":{"authorizationUrl":"a"}}}}""",
            """{"type":"oauth2","flows":{"implicit":{"authorizationUrl":"a","scopes":{}}}}"""
        },
        {
            $$$$$"""{"oauth2SecurityScheme":{"flows":{"password":{"tokenUrl":"t",{{{{{Scopes}}}}}}}}}""",
            $$$$"""{"type":"oauth2","flows":{"password":{"tokenUrl":"t",{{{{Scopes}}}}}}}"""
        },
    };

    [Theory]
    [MemberData(nameof(Schemes))]
    public void EverySchemeAndFlowIsTranslated(string v1, string jsonRpc)
    {
        var card = CardCases.WithScheme(v1);
        Assert.Equal(card, Card("1.0", card));
        Assert.Contains($$"""{"s":{{jsonRpc}}}""", Card(Formats.JsonRpc, card), StringComparison.Ordinal);
        Assert.Contains($$"""{"s":{{v1}}}""", Card(Formats.Http, card), StringComparison.Ordinal);
        Assert.Contains($$"""{"s":{{jsonRpc[..^1]}},{{v1[1..]}}}""", Blended(card), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsNewInOAuthIsLeftOut()
    {
        var device = CardCases.WithScheme($$$$$"""{"oauth2SecurityScheme":{"flows":{"deviceCode":{"deviceAuthorizationUrl":"d","tokenUrl":"t",{{{{{Scopes}}}}}}}}}""");
        Assert.Equal(device, Card("1.0", device));
        Assert.DoesNotContain("securitySchemes", Card(Formats.JsonRpc, device), StringComparison.Ordinal);
        Assert.DoesNotContain("securitySchemes", Card(Formats.Http, device), StringComparison.Ordinal);
        Assert.Contains("""{"s":{"type":"oauth2","flows":{},"oauth2SecurityScheme":""", Blended(device), StringComparison.Ordinal);

        var pkce = CardCases.WithScheme($$$$$"""{"oauth2SecurityScheme":{"flows":{"authorizationCode":{"authorizationUrl":"a","tokenUrl":"t",{{{{{Scopes}}}}},"pkceRequired":true}}}}""");
        Assert.Equal(pkce, Card("1.0", pkce));
        Assert.DoesNotContain("pkce", Card(Formats.JsonRpc, pkce), StringComparison.Ordinal);
        Assert.DoesNotContain("pkce", Card(Formats.Http, pkce), StringComparison.Ordinal);
    }

    private static void AssertContains(JsonNode whole, JsonNode part)
    {
        switch (part)
        {
            case JsonObject members:
                foreach (var (name, value) in members) AssertContains(whole[name]!, value!);
                break;
            case JsonArray items:
                for (var i = 0; i < items.Count; i++) AssertContains(whole[i]!, items[i]!);
                break;
            default:
                Assert.Equal(part.ToJsonString(), whole.ToJsonString());
                break;
        }
    }

    private static string Card(string format, string card) =>
        Wire.Write(writer => Formats.Named(format).WriteCard(writer, CardCases.Read(card)));

    private static string Blended(string card) => Wire.Write(writer => WireFormat.WriteBlendedCard(writer, CardCases.Read(card)));
}
