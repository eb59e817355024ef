using System.Text.Json;
using ServerlessA2A.Protocol.Cards;
using ServerlessA2A.Protocol.Json.Fields;
using ServerlessA2A.Protocol.Security;

namespace ServerlessA2A.Protocol.Json;

/// <summary>
/// Reads cards of 1.0, of 0.3, and of both versions at once: their names are disjoint, so one reader is enough. Members that a client does
/// not depend on may be missing.
/// </summary>
internal static class CardReader
{
    public static AgentCard? Read(ref JsonInput json)
    {
        if (!json.StartObject()) return null;
        string? name = null, description = null, version = null, documentationUrl = null, iconUrl = null;
        string? url = null, preferredTransport = null, protocolVersion = null;
        List<AgentInterface>? supportedInterfaces = null, additionalInterfaces = null;
        AgentProvider? provider = null;
        AgentCapabilities? capabilities = null;
        bool? extended = null;
        Dictionary<string, SecurityScheme>? schemes = null;
        List<SecurityRequirement>? requirements = null, olderRequirements = null;
        List<string>? inputModes = null, outputModes = null;
        List<AgentSkill>? skills = null;
        List<AgentCardSignature>? signatures = null;
        while (json.NextField())
        {
            switch (json.Field)
            {
                case "name": name = json.Text(); break;
                case "description": description = json.Text(); break;
                case "version": version = json.Text(); break;
                case "documentationUrl": documentationUrl = json.TextUnlessEmpty(); break;
                case "iconUrl": iconUrl = json.TextUnlessEmpty(); break;
                case "supportedInterfaces": supportedInterfaces = json.List(ReadInterface); break;
                case "url": url = json.TextUnlessEmpty(); break;
                case "preferredTransport": preferredTransport = json.TextUnlessEmpty(); break;
                case "protocolVersion": protocolVersion = json.TextUnlessEmpty(); break;
                case "additionalInterfaces": additionalInterfaces = json.List(ReadInterface); break;
                case "provider": provider = ReadProvider(ref json); break;
                case "capabilities": capabilities = ReadCapabilities(ref json); break;
                case "supportsAuthenticatedExtendedCard": extended = json.Flag(); break;
                case "securitySchemes": schemes = json.Map(SecurityReader.ReadScheme); break;
                case "securityRequirements": requirements = json.List(SecurityReader.ReadRequirement); break;
                case "security": olderRequirements = json.List(SecurityReader.ReadRequirement); break;
                case "defaultInputModes": inputModes = json.Strings(); break;
                case "defaultOutputModes": outputModes = json.Strings(); break;
                case "skills": skills = json.List(ReadSkill); break;
                case "signatures": signatures = json.List(ReadSignature); break;
                default: json.Skip(); break;
            }
        }

        capabilities ??= new();
        return new()
        {
            Name = name ?? "",
            Description = description ?? "",
            Version = version ?? "",
            DocumentationUrl = documentationUrl,
            IconUrl = iconUrl,
            SupportedInterfaces = supportedInterfaces ?? OlderInterfaces(url, preferredTransport, protocolVersion, additionalInterfaces),
            Provider = provider,
            Capabilities = capabilities with { ExtendedAgentCard = capabilities.ExtendedAgentCard ?? extended },
            SecuritySchemes = schemes,
            SecurityRequirements = requirements ?? olderRequirements,
            DefaultInputModes = inputModes ?? [],
            DefaultOutputModes = outputModes ?? [],
            Skills = skills ?? [],
            Signatures = signatures,
        };
    }

    /// <summary>The addresses of 0.3: the main one first. It is usually listed a second time.</summary>
    private static List<AgentInterface> OlderInterfaces(
        string? url, string? transport, string? version, List<AgentInterface>? additional)
    {
        var interfaces = new List<AgentInterface>();
        if (url is not null)
            interfaces.Add(new() { Url = url, ProtocolBinding = transport ?? "JSONRPC", ProtocolVersion = version ?? "0.3" });
        foreach (var offered in additional ?? [])
        {
            if (interfaces.Any(each => each.Url == offered.Url && each.ProtocolBinding == offered.ProtocolBinding)) continue;
            interfaces.Add(offered with { ProtocolVersion = version ?? "0.3" });
        }

        return interfaces;
    }

    private static AgentInterface? ReadInterface(ref JsonInput json)
    {
        if (!json.StartObject()) return null;
        string? url = null, binding = null, tenant = null, version = null;
        while (json.NextField())
        {
            switch (json.Field)
            {
                case "url": url = json.Text(); break;
                case "protocolBinding" or "transport": binding = json.Text() ?? binding; break;
                case "tenant": tenant = json.TextUnlessEmpty(); break;
                case "protocolVersion": version = json.TextUnlessEmpty(); break;
                default: json.Skip(); break;
            }
        }

        return new() { Url = url ?? "", ProtocolBinding = binding ?? "", Tenant = tenant, ProtocolVersion = version ?? "1.0" };
    }

    private static AgentProvider? ReadProvider(ref JsonInput json)
    {
        if (!json.StartObject()) return null;
        string? url = null, organization = null;
        while (json.NextField())
        {
            switch (json.Field)
            {
                case "url": url = json.Text(); break;
                case "organization": organization = json.Text(); break;
                default: json.Skip(); break;
            }
        }

        return new() { Url = url ?? "", Organization = organization ?? "" };
    }

    private static AgentCapabilities? ReadCapabilities(ref JsonInput json)
    {
        if (!json.StartObject()) return null;
        bool? streaming = null, pushNotifications = null, extendedAgentCard = null;
        List<AgentExtension>? extensions = null;
        while (json.NextField())
        {
            switch (json.Field)
            {
                case "streaming": streaming = json.Flag(); break;
                case "pushNotifications": pushNotifications = json.Flag(); break;
                case "extendedAgentCard": extendedAgentCard = json.Flag(); break;
                case "extensions": extensions = json.List(ReadExtension); break;
                default: json.Skip(); break;
            }
        }

        return new()
        {
            Streaming = streaming,
            PushNotifications = pushNotifications,
            ExtendedAgentCard = extendedAgentCard,
            Extensions = extensions,
        };
    }

    private static AgentExtension? ReadExtension(ref JsonInput json)
    {
        if (!json.StartObject()) return null;
        string? uri = null, description = null;
        var required = false;
        JsonElement? parameters = null;
        while (json.NextField())
        {
            switch (json.Field)
            {
                case "uri": uri = json.Text(); break;
                case "description": description = json.Text(); break;
                case "required": required = json.Flag() ?? false; break;
                case "params": parameters = json.Struct(); break;
                default: json.Skip(); break;
            }
        }

        return new() { Uri = uri, Description = description, Required = required, Params = parameters };
    }

    private static AgentSkill? ReadSkill(ref JsonInput json)
    {
        if (!json.StartObject()) return null;
        string? id = null, name = null, description = null;
        List<string>? tags = null, examples = null, inputModes = null, outputModes = null;
        List<SecurityRequirement>? requirements = null;
        while (json.NextField())
        {
            switch (json.Field)
            {
                case "id": id = json.Text(); break;
                case "name": name = json.Text(); break;
                case "description": description = json.Text(); break;
                case "tags": tags = json.Strings(); break;
                case "examples": examples = json.Strings(); break;
                case "inputModes": inputModes = json.Strings(); break;
                case "outputModes": outputModes = json.Strings(); break;
                case "securityRequirements" or "security": requirements = json.List(SecurityReader.ReadRequirement) ?? requirements; break;
                default: json.Skip(); break;
            }
        }

        return new()
        {
            Id = id ?? "",
            Name = name ?? "",
            Description = description ?? "",
            Tags = tags ?? [],
            Examples = examples,
            InputModes = inputModes,
            OutputModes = outputModes,
            SecurityRequirements = requirements,
        };
    }

    private static AgentCardSignature? ReadSignature(ref JsonInput json)
    {
        if (!json.StartObject()) return null;
        string? protectedHeader = null, signature = null;
        JsonElement? header = null;
        while (json.NextField())
        {
            switch (json.Field)
            {
                case "protected": protectedHeader = json.Text(); break;
                case "signature": signature = json.Text(); break;
                case "header": header = json.Struct(); break;
                default: json.Skip(); break;
            }
        }

        return new() { Protected = protectedHeader ?? "", Signature = signature ?? "", Header = header };
    }
}
