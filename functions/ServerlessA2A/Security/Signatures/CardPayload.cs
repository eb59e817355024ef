using System.Text.Json;

namespace ServerlessA2A.Security.Signatures;

/// <summary>What the signatures of a card are made over (A2A 1.0, section 8.4.1).</summary>
internal static class CardPayload
{
    /// <summary>The <c>typ</c> of such signatures.</summary>
    public const string Type = "JOSE";

    /// <summary>The member that is not signed, since it holds the signatures.</summary>
    public const string Signatures = "signatures";

    /// <summary>All that the card says.</summary>
    /// <exception cref="JsonException">It has no canonical form.</exception>
    public static byte[] Of(JsonElement card) => CanonicalJson.Write(Members(card));

    /// <summary>
    /// The same without what is empty, wherever it is: the published JavaScript SDK leaves that out before it verifies, also what section 8.4.1
    /// lets stay, such as a required list, or a security scheme that is needed without scopes.
    /// </summary>
    /// <inheritdoc cref="Of" path="/exception"/>
    public static byte[] WithoutWhatIsEmpty(JsonElement card) => CanonicalJson.Write(Members(card), value => !IsEmpty(value));

    private static IEnumerable<JsonProperty> Members(JsonElement card) => card.EnumerateObject().Where(member => !member.NameEquals(Signatures));

    private static bool IsEmpty(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => true,
        JsonValueKind.String => value.ValueEquals(""),
        JsonValueKind.Array => value.EnumerateArray().All(IsEmpty),
        JsonValueKind.Object => value.EnumerateObject().All(member => IsEmpty(member.Value)),
        _ => false,
    };
}
