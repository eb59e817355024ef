using System.Text.Json;
using ServerlessA2A.Protocol.Cards;
using ServerlessA2A.Protocol.Json.Fields;

namespace ServerlessA2A.Protocol.Json;

/// <summary>Writes the agent's card; <see cref="CardReader"/> reads it.</summary>
internal static class CardJson
{
    public static void Write(Utf8JsonWriter json, AgentCard card)
    {
        json.WriteStartObject();
        json.WriteText("name"u8, card.Name);
        json.WriteText("description"u8, card.Description);
        json.WriteList("supportedInterfaces"u8, card.SupportedInterfaces, Write);
        json.WriteMessage("provider"u8, card.Provider, Write);
        json.WriteText("version"u8, card.Version);
        json.WriteText("documentationUrl"u8, card.DocumentationUrl);
        json.WriteMessage("capabilities"u8, card.Capabilities, Write);
        json.WriteMapUnlessEmpty("securitySchemes"u8, card.SecuritySchemes, SecurityJson.Write);
        json.WriteListUnlessEmpty("securityRequirements"u8, card.SecurityRequirements, SecurityJson.Write);
        json.WriteStrings("defaultInputModes"u8, card.DefaultInputModes);
        json.WriteStrings("defaultOutputModes"u8, card.DefaultOutputModes);
        json.WriteList("skills"u8, card.Skills, Write);
        json.WriteListUnlessEmpty("signatures"u8, card.Signatures, Write);
        json.WriteText("iconUrl"u8, card.IconUrl);
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, AgentInterface address)
    {
        json.WriteStartObject();
        json.WriteText("url"u8, address.Url);
        json.WriteText("protocolBinding"u8, address.ProtocolBinding);
        json.WriteTextUnlessEmpty("tenant"u8, address.Tenant);
        json.WriteText("protocolVersion"u8, address.ProtocolVersion);
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, AgentProvider provider)
    {
        json.WriteStartObject();
        json.WriteText("url"u8, provider.Url);
        json.WriteText("organization"u8, provider.Organization);
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, AgentExtension extension)
    {
        json.WriteStartObject();
        json.WriteTextUnlessEmpty("uri"u8, extension.Uri);
        json.WriteTextUnlessEmpty("description"u8, extension.Description);
        json.WriteFlagIfTrue("required"u8, extension.Required);
        json.WriteFree("params"u8, extension.Params);
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, AgentCardSignature signature)
    {
        json.WriteStartObject();
        json.WriteText("protected"u8, signature.Protected);
        json.WriteText("signature"u8, signature.Signature);
        json.WriteFree("header"u8, signature.Header);
        json.WriteEndObject();
    }

    /// <summary>The members of a skill that both versions have: all but security.</summary>
    public static void WriteCommonFields(Utf8JsonWriter json, AgentSkill skill)
    {
        json.WriteText("id"u8, skill.Id);
        json.WriteText("name"u8, skill.Name);
        json.WriteText("description"u8, skill.Description);
        json.WriteStrings("tags"u8, skill.Tags);
        json.WriteStringsUnlessEmpty("examples"u8, skill.Examples);
        json.WriteStringsUnlessEmpty("inputModes"u8, skill.InputModes);
        json.WriteStringsUnlessEmpty("outputModes"u8, skill.OutputModes);
    }

    /// <summary>The capabilities that both versions have: all but the extended card.</summary>
    public static void WriteCommonFields(Utf8JsonWriter json, AgentCapabilities capabilities)
    {
        json.WriteFlag("streaming"u8, capabilities.Streaming);
        json.WriteFlag("pushNotifications"u8, capabilities.PushNotifications);
        json.WriteListUnlessEmpty("extensions"u8, capabilities.Extensions, Write);
    }

    public static void Write(Utf8JsonWriter json, AgentCapabilities capabilities)
    {
        json.WriteStartObject();
        WriteCommonFields(json, capabilities);
        json.WriteFlag("extendedAgentCard"u8, capabilities.ExtendedAgentCard);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, AgentSkill skill)
    {
        json.WriteStartObject();
        WriteCommonFields(json, skill);
        json.WriteListUnlessEmpty("securityRequirements"u8, skill.SecurityRequirements, SecurityJson.Write);
        json.WriteEndObject();
    }
}
