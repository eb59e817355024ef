using Microsoft.Extensions.Options;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Keys;
using ServerlessA2A.Security.Keys;

namespace ServerlessA2A.Security;

/// <summary>The keys that sign cards and webhooks: the first one signs, and the public halves of all are published.</summary>
/// <remarks>
/// A key's <c>kid</c> is its RFC 7638 thumbprint, or the JWK's own. To rotate keys without a failing delivery, add the new key after the
/// old one, move it to the front once receivers have had time to fetch the keys again, and remove the old key when its last token has
/// expired.
/// </remarks>
internal sealed class SigningKeys
{
    private readonly IReadOnlyList<SigningKey> _keys;

    /// <summary>Reads the keys of the settings.</summary>
    /// <exception cref="OptionsValidationException">A key is invalid.</exception>
    public SigningKeys(IOptions<SecurityOptions> options) =>
        _keys = KeySettings.ReadAll(
            typeof(SecurityOptions), nameof(SecurityOptions.SigningKeys), options.Value.SigningKeys, SigningKey.Read);

    /// <summary>The signing key; null if there are no keys.</summary>
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
