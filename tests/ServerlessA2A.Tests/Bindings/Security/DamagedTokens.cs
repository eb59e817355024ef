using System.Buffers.Text;
using System.Text;
using ServerlessA2A.Tests.Security;
using ServerlessA2A.Tests.Security.Authentication;

namespace ServerlessA2A.Tests.Bindings.Security;

/// <summary>JSON Web Tokens with something wrong in them: in the header, in a claim, in the signature, or in the letters.</summary>
internal sealed class DamagedTokens
{
    private const int Made = 500;

    private static readonly string[] Values =
    [
        "null", "true", "7", "-1", "1e400", "0.5", "\"\"", "[]", "{}", "[null]", "\"none\"", "\"HS256\"", "\"ES256\"", "\"RS256\"",
        "\"\\ud800\"", "\"\\u0000\"", "\"é漢\"", "99999999999999999999",
        "253402300800", $"\"{TestToken.Issuer}\"", $"[\"{TestToken.Audience}\"]", $"[7,\"{TestToken.Audience}\"]",
        "\"https://elsewhere.example.com/\"", new string('[', 100),
        "\"" + new string('a', 5000) + "\"", "", "}", "\"x\",\"sub\":\"mallory\"",
    ];

    private static readonly string[] Headers =
    [
        "{}", "[]", "null", "7", "", "{\"alg\":\"none\"}", "{\"alg\":\"HS256\",\"kid\":\"ec\"}", "{\"alg\":\"RS256\",\"kid\":\"ec\"}",
        "{\"alg\":\"ES256\",\"kid\":\"rsa\"}", "{\"alg\":\"ES384\",\"kid\":\"ec\"}",
        "{\"alg\":\"PS256\",\"kid\":\"rsa\"}", "{\"alg\":\"RSA-OAEP\",\"enc\":\"A128GCM\",\"kid\":\"rsa\"}",
        "{\"alg\":\"ES256\",\"kid\":7}", "{\"alg\":[\"ES256\"]}", "{\"alg\":\"ES256\",\"kid\":\"gone\"}",
        "{\"alg\":\"ES256\",\"kid\":\"ec\",\"crit\":[\"b64\"],\"b64\":false}", "{\"alg\":\"ES256\",\"kid\":\"ec\",\"typ\":{}}",
        "{\"alg\":\"ES256\",\"kid\":\"ec\",\"x5c\":\"é\"}",
        "{\"alg\":\"ES256\",\"kid\":\"ec\",\"jku\":\"https://elsewhere.example.com/\"}",
        "{\"alg\":\"ES256\",\"kid\":\"ec\",\"zip\":\"DEF\"}",
    ];

    private readonly Random _random;
    private readonly string[] _tokens;

    public DamagedTokens(Random random)
    {
        _random = random;
        // Signing takes its time: of these, each is sent often, and mostly damaged further.
        _tokens = [.. Enumerable.Range(0, Made).Select(_ => Make())];
    }

    /// <summary>One that is good for long.</summary>
    public static TestToken Good { get; } = TestToken.Good.With("exp", "4000000000");

    /// <summary>Any of them.</summary>
    public string Next()
    {
        var token = _random.Pick(_tokens);
        var at = _random.Next(token.Length);
        return _random.Next(10) switch
        {
            0 => token[..at] + _random.Pick("", ".", "A", "-", "=", "é", " ", "%00", "+", "/", "\t") + token[(at + 1)..],
            1 => token[..at],
            2 => $"{token}.{token}",
            3 => string.Join('.', token.Split('.').Select(part => _random.Next(3) == 0 ? "" : part)),
            4 => "ey" + string.Join('.', Enumerable.Range(0, 3).Select(_ => Bytes(_random.Next(40)))),
            5 => $"{token}{new string('A', _random.Pick(100, 5_000, 20_000))}",
            6 => _random.Pick("", ".", "..", "...", "ey..", "ey.ey.ey", "ya29.a0Af-opaque", "漢", new string('.', 2000), "eyJ.eyJ.", "null",
            "Bearer"),
            _ => token,
        };
    }

    private string Make()
    {
        var token = Good.With(
            _random.Pick("iss", "aud", "exp", "nbf", "iat", "sub", "email", "email_verified", "jti", "azp", "x"), _random.Pick(Values));
        if (_random.Next(2) == 0)
            token = token.WithHeader(_random.Pick(Headers));
        return $"{_random.Next(5) switch
        {
            0 => token.Signed(_ => []),
            1 => token.Signed(TestToken.Hs256(Encoding.ASCII.GetBytes(OidcSetup.Public(TestKeys.Jwk(TestKeys.Ec))))),
            2 => token.Signed(TestToken.Es256(TestKeys.OtherEc)),
            3 => token.Signed(TestToken.Rs256(TestKeys.Rsa)),
            _ => token,
        }}";
    }

    private string Bytes(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return Base64Url.EncodeToString(bytes);
    }
}
