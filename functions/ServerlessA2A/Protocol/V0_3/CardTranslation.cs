namespace ServerlessA2A.Protocol.V0_3;

/// <summary>The agent's card for clients of 0.3, alone or blended with 1.0's.</summary>
internal static class CardTranslation
{
    private const string ProtocolVersion = "0.3.0";

    /// <summary>The card of 0.3 only, in the shape of a binding.</summary>
    /// <exception cref="A2AException">VersionNotSupported where the card names no address for 0.3.</exception>
    public static WireAgentCard ToV0_3(AgentCard card, Binding binding) =>
        Translate(card, Addresses(card) ?? throw A2AException.VersionNotSupported("0.3"), binding);

    /// <summary>One card that clients of both versions read; null where it names no address for 0.3, so that the card of 1.0 is all there is.</summary>
    public static WireAgentCard? Blend(AgentCard card)
    {
        if (Addresses(card) is not { } addresses) return null;
        var blended = Translate(card, addresses, Binding.JsonRpc);
        return blended with
        {
            SupportedInterfaces = card.SupportedInterfaces,
            SecurityRequirements = card.SecurityRequirements,
            Signatures = card.Signatures,
            Capabilities = blended.Capabilities with { ExtendedAgentCard = card.Capabilities.ExtendedAgentCard },
            Skills = [.. card.Skills.Zip(blended.Skills, (skill, translated) => translated with { SecurityRequirements = skill.SecurityRequirements })],
            SecuritySchemes = card.SecuritySchemes?.ToDictionary(scheme => scheme.Key, scheme => SecurityTranslation.Blend(scheme.Value)),
        };
    }

    /// <summary>Signatures are left out: they are over the card of 1.0 and would not hold for this one.</summary>
    private static WireAgentCard Translate(AgentCard card, List<WireAgentInterface> addresses, Binding binding) => new()
    {
        ProtocolVersion = ProtocolVersion,
        Name = card.Name,
        Description = card.Description,
        Url = addresses[0].Url,
        PreferredTransport = addresses[0].Transport,
        AdditionalInterfaces = addresses,
        Provider = card.Provider,
        Version = card.Version,
        DocumentationUrl = card.DocumentationUrl,
        IconUrl = card.IconUrl,
        Capabilities = new()
        {
            Streaming = card.Capabilities.Streaming,
            PushNotifications = card.Capabilities.PushNotifications,
            Extensions = card.Capabilities.Extensions,
        },
        SecuritySchemes = SecurityTranslation.ToV0_3(card.SecuritySchemes, binding),
        Security = SecurityTranslation.ToV0_3(card.SecurityRequirements, binding),
        DefaultInputModes = card.DefaultInputModes,
        DefaultOutputModes = card.DefaultOutputModes,
        Skills = [.. card.Skills.Select(skill => ToV0_3(skill, binding))],
        SupportsAuthenticatedExtendedCard = card.Capabilities.ExtendedAgentCard,
    };

    private static WireAgentSkill ToV0_3(AgentSkill skill, Binding binding) => new()
    {
        Id = skill.Id,
        Name = skill.Name,
        Description = skill.Description,
        Tags = skill.Tags,
        Examples = skill.Examples,
        InputModes = skill.InputModes,
        OutputModes = skill.OutputModes,
        Security = SecurityTranslation.ToV0_3(skill.SecurityRequirements, binding),
    };

    /// <summary>The addresses for 0.3 in the card's order, but JSON-RPC first: every client of 0.3 speaks it. Null if there are none.</summary>
    private static List<WireAgentInterface>? Addresses(AgentCard card)
    {
        var addresses = card.SupportedInterfaces
            .Where(offered => offered.ProtocolVersion == "0.3" || offered.ProtocolVersion.StartsWith("0.3.", StringComparison.Ordinal))
            .OrderBy(offered => offered.ProtocolBinding == "JSONRPC" ? 0 : 1)
            .Select(offered => new WireAgentInterface { Url = offered.Url, Transport = offered.ProtocolBinding })
            .ToList();
        return addresses.Count > 0 ? addresses : null;
    }
}
