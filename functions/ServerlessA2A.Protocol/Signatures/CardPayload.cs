using System.Text.Json;

namespace ServerlessA2A.Protocol.Signatures;

/// <summary>The signed texts of a card (A2A 1.0, section 8.4.1).</summary>
internal static class CardPayload
{
    /// <summary>The <c>typ</c> of such signatures.</summary>
    public const string Type = "JOSE";

    /// <summary>The member with the signatures, which is not signed.</summary>
    public const string Signatures = "signatures";

    /// <summary>The whole card.</summary>
    /// <exception cref="JsonException">The card has no canonical form.</exception>
    public static byte[] Of(JsonElement card) => CanonicalJson.Write(Members(card));

    /// <summary>
    /// The card without empty values at any depth. The published JavaScript SDK omits these before it verifies, including some that section
    /// 8.4.1 keeps, such as an empty required list or a security scheme without scopes.
    /// </summary>
    /// <inheritdoc cref="Of" path="/exception"/>
    public static byte[] WithoutWhatIsEmpty(JsonElement card) => CanonicalJson.Write(Members(card), value => !IsEmpty(value));

    private static IEnumerable<JsonProperty> Members(JsonElement card) =>
        card.EnumerateObject().Where(member => !member.NameEquals(Signatures));

    private static bool IsEmpty(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => true,
        JsonValueKind.String => value.ValueEquals(""),
        JsonValueKind.Array => value.EnumerateArray().All(IsEmpty),
        JsonValueKind.Object => value.EnumerateObject().All(member => IsEmpty(member.Value)),
        _ => false,
    };
}
