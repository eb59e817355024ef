using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Options;
using ServerlessA2A.Security;

namespace ServerlessA2A.Tests.Security;

/// <summary>Keys for tests, made once for each run.</summary>
internal static class TestKeys
{
    public static ECDsa Ec { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public static ECDsa OtherEc { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public static RSA Rsa { get; } = RSA.Create(2048);

    /// <summary>As an options object.</summary>
    public static IOptions<SecurityOptions> Signing(params string[] keys) => Options.Create(With(keys, []));

    /// <summary>As an options object.</summary>
    public static IOptions<SecurityOptions> Encrypting(params string[] keys) => Options.Create(With([], keys));

    public static SecurityOptions With(string[] signing, string[] encrypting)
    {
        var options = new SecurityOptions();
        foreach (var key in signing)
            options.SigningKeys.Add(key);
        foreach (var key in encrypting)
            options.EncryptionKeys.Add(key);
        return options;
    }

    /// <summary>A private JWK, with members of one's own at its end: a member that is null is left out.</summary>
    public static string Jwk(ECDsa key, params (string Name, string? Value)[] more)
    {
        var parameters = key.ExportParameters(includePrivateParameters: true);
        return Json(
            [("kty", "EC"), ("crv", "P-256"), ("x", Text(parameters.Q.X)), ("y", Text(parameters.Q.Y)), ("d", Text(parameters.D)),
            .. more]);
    }

    /// <inheritdoc cref="Jwk(ECDsa, ValueTuple{string, string}[])"/>
    public static string Jwk(RSA key, params (string Name, string? Value)[] more)
    {
        var parameters = key.ExportParameters(includePrivateParameters: true);
        return Json(
            [
                ("kty", "RSA"), ("n", Text(parameters.Modulus)), ("e", Text(parameters.Exponent)), ("d", Text(parameters.D)),
                ("p", Text(parameters.P)),
                ("q", Text(parameters.Q)), ("dp", Text(parameters.DP)), ("dq", Text(parameters.DQ)), ("qi", Text(parameters.InverseQ)),
                .. more,
            ]);
    }

    /// <summary>A key for secrets, of one byte's repetition.</summary>
    public static string Encryption(byte fill) => Convert.ToBase64String(Enumerable.Repeat(fill, 32).ToArray());

    private static string Json(IEnumerable<(string Name, string? Value)> members)
    {
        var last = new Dictionary<string, string>();
        foreach (var (name, value) in members)
        {
            if (value is null)
                last.Remove(name);
            else
                last[name] = value;
        }

        return JsonSerializer.Serialize(last);
    }

    private static string Text(byte[]? number) => Base64Url.EncodeToString(number);
}
