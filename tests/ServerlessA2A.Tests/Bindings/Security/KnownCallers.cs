using System.Security.Cryptography;
using System.Text;
using ServerlessA2A.Tests.Security.Authentication;

namespace ServerlessA2A.Tests.Bindings.Security;

/// <summary>Callers with an API key each.</summary>
internal static class KnownCallers
{
    /// <summary>What a host is told of alice and bob.</summary>
    public static (string Name, string Value)[] Settings { get; } =
    [
        ("Security:Identity:0", "api-key"), ("Security:ApiKeys:Hashes:0", $"alice={HashOf("alice")}"),
        ("Security:ApiKeys:Hashes:1", $"bob={HashOf("bob")}"),
    ];

    /// <summary>Beside those, what a host is told of the provider of <see cref="TestToken"/>.</summary>
    public static (string Name, string Value)[] OidcSettings { get; } =
    [
        ("Security:Identity:1", "oidc"), ("Security:Oidc:Issuers:0:Issuer", TestToken.Issuer),
        ("Security:Oidc:Issuers:0:Audiences:0", TestToken.Audience),
    ];

    public static string KeyOf(string caller) => $"the-key-of-{caller}-which-is-secret";

    private static string HashOf(string caller) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(KeyOf(caller))));
}
