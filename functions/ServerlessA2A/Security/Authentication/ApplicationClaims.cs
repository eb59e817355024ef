using System.Security.Claims;
using System.Text;
using System.Text.Json;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Json.Fields;

namespace ServerlessA2A.Security.Authentication;

/// <summary>
/// The claims of an application's user as JSON, with the names that tokens have. <c>groups</c> and <c>roles</c> are always lists; of
/// other claims those that the user has several times are.
/// </summary>
internal static class ApplicationClaims
{
    /// <summary>Where ASP.NET Core's handlers keep a token's name of a claim that they have renamed.</summary>
    internal const string ShortName = "http://schemas.xmlsoap.org/ws/2005/05/identity/claimproperties/ShortTypeName";

    /// <summary>Claims that only ASP.NET Core Identity reads: with the security stamp, codes for new passwords can be computed.</summary>
    private const string Internal = "AspNet.Identity.";

    /// <summary>Tokens that applications keep beside the claims. Claims are stored with messages, and tokens must not be.</summary>
    private static readonly string[] Tokens = ["access_token", "refresh_token", "id_token"];

    private static readonly string[] Lists = ["groups", "roles"];

    private static readonly JsonDocumentOptions Strict = new()
    {
        AllowDuplicateProperties = false,
        MaxDepth = ProtocolJson.MaxValueDepth,
    };

    /// <summary>
    /// The claims of one identity: an address that one provider names is not verified because another one verified its own.
    /// </summary>
    public static JsonMembers Of(ClaimsIdentity user) => JsonMembers.Parse(ProtocolJson.ObjectBytes(json =>
    {
        foreach (var claims in user.Claims.GroupBy(NameOf, StringComparer.Ordinal))
        {
            if (claims.Key.StartsWith(Internal, StringComparison.Ordinal) || Tokens.Contains(claims.Key))
                continue;
            // A claim that has the name itself is the token's own; one that is only called so may say something else.
            var own = claims.Where(claim => claim.Type == claims.Key || claim.Properties.ContainsKey(ShortName)).ToList();
            var values = (own.Count > 0 ? own : [.. claims]).DistinctBy(claim => claim.Value).ToList();
            json.WritePropertyName(claims.Key);
            if (values is [var only] && !Lists.Contains(claims.Key))
            {
                Write(json, claims.Key, only);
                continue;
            }

            json.WriteStartArray();
            foreach (var claim in values)
                Write(json, claims.Key, claim);
            json.WriteEndArray();
        }
    }).Span)!;

    private static string NameOf(Claim claim) => WithoutHalfPairs(
        claim.Properties.TryGetValue(ShortName, out var name) ? name
        : claim.Type switch
        {
            ClaimTypes.NameIdentifier => "sub",
            ClaimTypes.Email => "email",
            ClaimTypes.Role => "roles",
            _ => claim.Type,
        });

    private static void Write(Utf8JsonWriter json, string name, Claim claim)
    {
        // Some handlers make a text of it.
        if ((claim.ValueType == ClaimValueTypes.Boolean || name == "email_verified") && bool.TryParse(claim.Value, out var isTrue))
            json.WriteBooleanValue(isTrue);
        else if (ValueOf(claim) is { } value)
            OpaqueJson.Write(json, value);
        else
            json.WriteStringValue(WithoutHalfPairs(claim.Value));
    }

    /// <summary>The value of a claim that is a number, a list or an object; null for others, and where it cannot be read as such.</summary>
    private static JsonElement? ValueOf(Claim claim)
    {
        try
        {
            return claim.ValueType is ClaimValueTypes.Integer or ClaimValueTypes.Integer32 or ClaimValueTypes.Integer64 or
                ClaimValueTypes.UInteger32 or ClaimValueTypes.UInteger64 or ClaimValueTypes.Double or "JSON" or "JSON_ARRAY"
                ? JsonElement.Parse(claim.Value, Strict)
                : null;
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>JSON cannot have half of a surrogate pair.</summary>
    private static string WithoutHalfPairs(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
