using System.Security.Claims;
using System.Text;
using System.Text.Json;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Json.Fields;

namespace ServerlessA2A.Security.Authentication;

/// <summary>The claims of an application's user as the JSON that a token has: with the token's names and types.</summary>
internal static class ApplicationClaims
{
    /// <summary>Where ASP.NET Core's handlers keep a token's name of a claim that they have renamed.</summary>
    internal const string ShortName = "http://schemas.xmlsoap.org/ws/2005/05/identity/claimproperties/ShortTypeName";

    /// <summary>Claims that only ASP.NET Core Identity reads: with the security stamp, codes for new passwords can be computed.</summary>
    private const string Internal = "AspNet.Identity.";

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>The claims. A claim that the user has several times is a list.</summary>
    public static JsonMembers Of(ClaimsPrincipal user) => JsonMembers.Parse(ProtocolJson.ObjectBytes(json =>
    {
        foreach (var claims in user.Claims.GroupBy(NameOf, StringComparer.Ordinal))
        {
            if (claims.Key.StartsWith(Internal, StringComparison.Ordinal))
                continue;
            json.WritePropertyName(claims.Key);
            if (claims.Count() == 1)
            {
                Write(json, claims.Single());
                continue;
            }

            json.WriteStartArray();
            foreach (var claim in claims)
                Write(json, claim);
            json.WriteEndArray();
        }
    }).Span)!;

    private static string NameOf(Claim claim) => WithoutHalfPairs(
        claim.Properties.TryGetValue(ShortName, out var name) ? name
        : claim.Type switch
        {
            ClaimTypes.NameIdentifier => "sub",
            ClaimTypes.Email => "email",
            _ => claim.Type,
        });

    private static void Write(Utf8JsonWriter json, Claim claim)
    {
        if (claim.ValueType != ClaimValueTypes.String && ValueOf(claim) is { } value)
            OpaqueJson.Write(json, value);
        else
            json.WriteStringValue(WithoutHalfPairs(claim.Value));
    }

    /// <summary>The value of a claim that is no text, such as true, 5 or a list; null where it cannot be read as such.</summary>
    private static JsonElement? ValueOf(Claim claim)
    {
        try
        {
            return claim.ValueType switch
            {
                ClaimValueTypes.Boolean => JsonElement.Parse(bool.TryParse(claim.Value, out var isTrue) && isTrue ? "true" : "false"),
                ClaimValueTypes.Integer or ClaimValueTypes.Integer32 or ClaimValueTypes.Integer64 or ClaimValueTypes.UInteger32 or
                    ClaimValueTypes.UInteger64 or ClaimValueTypes.Double or "JSON" or "JSON_ARRAY" =>
                    JsonElement.Parse(claim.Value, Strict),
                _ => null,
            };
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>JSON cannot have half of a surrogate pair.</summary>
    private static string WithoutHalfPairs(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
