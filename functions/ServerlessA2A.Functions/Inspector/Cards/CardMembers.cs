using static ServerlessA2A.Functions.Inspector.Cards.CardType;

namespace ServerlessA2A.Functions.Inspector.Cards;

/// <summary>The members of cards: A2A 1.0, section 4.4.1; 0.3, section 5.5.</summary>
internal static class CardMembers
{
    private static readonly CardMember[] Provider = [Required("organization"), Required("url")];

    private static readonly CardMember[] Extension =
        [Required("uri"), new("description"), new("required", Flag), new("params", CardType.Object)];

    private static readonly CardMember[] Signature = [Required("protected"), Required("signature"), new("header", CardType.Object)];

    /// <summary>The members that both versions have.</summary>
    private static readonly CardMember[] Shared =
    [
        Required("name"), Required("description"), Required("version"), Required("defaultInputModes", Texts),
        Required("defaultOutputModes", Texts), new("provider", CardType.Object) { Members = Provider }, new("documentationUrl"),
        new("iconUrl"), new("securitySchemes", CardType.Object), new("signatures", Objects) { Members = Signature },
    ];

    private static readonly CardMember[] SharedOfCapabilities =
        [new("streaming", Flag), new("pushNotifications", Flag), new("extensions", Objects) { Members = Extension }];

    private static readonly CardMember[] SharedOfSkills =
    [
        Required("id"), Required("name"), Required("description"), Required("tags", Texts), new("examples", Texts),
        new("inputModes", Texts), new("outputModes", Texts),
    ];

    /// <summary>A2A 1.0.</summary>
    public static CardMember[] V1_0 { get; } =
    [
        .. Shared,
        Required("supportedInterfaces", Objects) with
        {
            Members = [Required("url"), Required("protocolBinding"), Required("protocolVersion"), new("tenant")],
        },
        Required("capabilities", CardType.Object) with { Members = [.. SharedOfCapabilities, new("extendedAgentCard", Flag)] },
        Required("skills", Objects) with { Members = [.. SharedOfSkills, new("securityRequirements", Objects)] },
        new("securityRequirements", Objects),
    ];

    /// <summary>A2A 0.3.</summary>
    public static CardMember[] V0_3 { get; } =
    [
        .. Shared,
        Required("protocolVersion"), Required("url"), new("preferredTransport"),
        new("additionalInterfaces", Objects) { Members = [Required("url"), Required("transport")] },
        Required("capabilities", CardType.Object) with { Members = [.. SharedOfCapabilities, new("stateTransitionHistory", Flag)] },
        Required("skills", Objects) with { Members = [.. SharedOfSkills, new("security", Objects)] },
        new("security", Objects), new("supportsAuthenticatedExtendedCard", Flag),
    ];

    private static CardMember Required(string name, CardType type = Text) => new(name, type, IsRequired: true);
}
