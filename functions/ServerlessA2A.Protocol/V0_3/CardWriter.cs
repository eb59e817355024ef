using System.Text.Json;
using ServerlessA2A.Protocol.Cards;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Json;
using ServerlessA2A.Protocol.Json.Fields;

namespace ServerlessA2A.Protocol.V0_3;

/// <summary>Writes the agent's card in the form of 0.3, or with the members of both versions.</summary>
internal sealed class CardWriter
{
    private const string ProtocolVersion = "0.3.0";

    private readonly AgentCard _card;
    private readonly List<AgentInterface> _addresses;
    private readonly SecurityWriter _security;

    /// <summary>Whether the members of 1.0 are written too.</summary>
    private readonly bool _blended;

    private CardWriter(AgentCard card, List<AgentInterface> addresses, Binding binding, bool blended)
    {
        _card = card;
        _addresses = addresses;
        _blended = blended;
        _security = new(binding, blended);
    }

    /// <summary>Writes the card for readers of 0.3.</summary>
    /// <exception cref="A2AException">VersionNotSupported if the card has no address for 0.3.</exception>
    public static void Write(Utf8JsonWriter json, AgentCard card, Binding binding)
    {
        var addresses = Addresses(card);
        if (addresses.Count == 0) throw A2AException.VersionNotSupported("0.3");
        new CardWriter(card, addresses, binding, blended: false).Write(json);
    }

    /// <summary>
    /// Writes one card for clients that do not name their version: the members of 1.0 and of 0.3 side by side, because their names are
    /// disjoint. If the card has no address for 0.3, it is the card of 1.0.
    /// </summary>
    public static void WriteBlended(Utf8JsonWriter json, AgentCard card)
    {
        var addresses = Addresses(card);
        if (addresses.Count == 0) CardJson.Write(json, card);
        else new CardWriter(card, addresses, Binding.JsonRpc, blended: true).Write(json);
    }

    /// <summary>The addresses for 0.3. JSON-RPC goes first, because most clients of 0.3 support only that.</summary>
    private static List<AgentInterface> Addresses(AgentCard card)
    {
        var addresses = new List<AgentInterface>();
        var ofJsonRpc = 0;
        foreach (var offered in card.SupportedInterfaces)
        {
            if (offered.ProtocolVersion != "0.3" && !offered.ProtocolVersion.StartsWith("0.3.", StringComparison.Ordinal)) continue;
            if (offered.ProtocolBinding == "JSONRPC") addresses.Insert(ofJsonRpc++, offered);
            else addresses.Add(offered);
        }

        return addresses;
    }

    private void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteText("protocolVersion"u8, ProtocolVersion);
        json.WriteText("name"u8, _card.Name);
        json.WriteText("description"u8, _card.Description);
        json.WriteText("url"u8, _addresses[0].Url);
        json.WriteText("preferredTransport"u8, _addresses[0].ProtocolBinding);
        json.WriteList("additionalInterfaces"u8, _addresses, WriteAddress);
        json.WriteMessage("provider"u8, _card.Provider, CardJson.Write);
        json.WriteText("version"u8, _card.Version);
        json.WriteText("documentationUrl"u8, _card.DocumentationUrl);
        json.WriteText("iconUrl"u8, _card.IconUrl);
        json.WriteMessage("capabilities"u8, _card.Capabilities, WriteCapabilities);
        _security.WriteSchemes(json, _card.SecuritySchemes);
        _security.WriteRequirements(json, _card.SecurityRequirements);
        json.WriteStrings("defaultInputModes"u8, _card.DefaultInputModes);
        json.WriteStrings("defaultOutputModes"u8, _card.DefaultOutputModes);
        json.WriteList("skills"u8, _card.Skills, WriteSkill);
        json.WriteFlag("supportsAuthenticatedExtendedCard"u8, _card.Capabilities.ExtendedAgentCard);
        if (_blended)
        {
            json.WriteListUnlessEmpty("supportedInterfaces"u8, _card.SupportedInterfaces, CardJson.Write);
            json.WriteListUnlessEmpty("securityRequirements"u8, _card.SecurityRequirements, SecurityJson.Write);
        }

        json.WriteListUnlessEmpty("signatures"u8, _card.Signatures, CardJson.Write);
        json.WriteEndObject();
    }

    private static void WriteAddress(Utf8JsonWriter json, AgentInterface address)
    {
        json.WriteStartObject();
        json.WriteText("url"u8, address.Url);
        json.WriteText("transport"u8, address.ProtocolBinding);
        json.WriteEndObject();
    }

    private void WriteCapabilities(Utf8JsonWriter json, AgentCapabilities capabilities)
    {
        json.WriteStartObject();
        CardJson.WriteCommonFields(json, capabilities);
        if (_blended) json.WriteFlag("extendedAgentCard"u8, capabilities.ExtendedAgentCard);
        json.WriteEndObject();
    }

    private void WriteSkill(Utf8JsonWriter json, AgentSkill skill)
    {
        json.WriteStartObject();
        CardJson.WriteCommonFields(json, skill);
        _security.WriteRequirements(json, skill.SecurityRequirements);
        if (_blended) json.WriteListUnlessEmpty("securityRequirements"u8, skill.SecurityRequirements, SecurityJson.Write);
        json.WriteEndObject();
    }
}
