using Microsoft.Extensions.Options;
using ServerlessA2A.Protocol;
using ServerlessA2A.Security.Keys;

namespace ServerlessA2A.Security;

/// <summary>The keys that cards and deliveries are signed with: the first one signs, the public halves of all are published.</summary>
/// <remarks>
/// A key's <c>kid</c> is its RFC 7638 thumbprint, or the JWK's own. To change keys without a delivery that fails: put the new one behind
/// the old, put it in front when receivers have had time to fetch the keys again, and take the old one out when its last token has expired.
/// </remarks>
internal sealed class SigningKeys
{
    private readonly IReadOnlyList<SigningKey> _keys;

    /// <summary>Reads the keys of the settings.</summary>
    /// <exception cref="OptionsValidationException">One of them is none.</exception>
    public SigningKeys(IOptions<SecurityOptions> options) =>
        _keys = KeySettings.ReadAll(nameof(SecurityOptions.SigningKeys), options.Value.SigningKeys, SigningKey.Read);

    /// <summary>The key that signs; null where there is none.</summary>
    internal SigningKey? Current => _keys.Count > 0 ? _keys[0] : null;

    /// <summary>The public halves of all keys as a JSON Web Key Set (RFC 7517, section 5).</summary>
    internal ReadOnlyMemory<byte> WriteKeySet() => ProtocolJson.ObjectBytes(writer =>
    {
        writer.WriteStartArray("keys");
        foreach (var key in _keys)
            key.Public.Write(writer, key.Algorithm, key.Id);
        writer.WriteEndArray();
    });
}
