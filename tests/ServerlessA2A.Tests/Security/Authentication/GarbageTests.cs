using System.Buffers.Text;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using ServerlessA2A.Security;
using ServerlessA2A.Security.Authentication;

namespace ServerlessA2A.Tests.Security.Authentication;

/// <summary>Whatever comes: it is refused or left to others, by the two exceptions that there are, and nothing of it is told.</summary>
public sealed class GarbageTests : IDisposable
{
    private const int Rounds = 3000;

    /// <summary>What headers and claims may hold instead of what they should.</summary>
    private static readonly Gen<string> Value = Gen.Elements(
        "null", "true", "7", "-1", "1e400", "0.5", "\"\"", "[]", "{}", "[null]", "\"ES256\"", "\"RS256\"", "\"HS256\"", "\"none\"",
        "\"ec\"", "\"rsa\"", "\"\\ud800\"", "\"\\u0000\"",
        "\"é漢\"", "99999999999999999999", "253402300800", $"{TestToken.Now + 60}", $"\"{TestToken.Now + 60}\"", $"\"{TestToken.Audience}\"",
        $"[\"{TestToken.Audience}\"]",
        $"[7,\"{TestToken.Audience}\"]", new string('[', 100), "\"" + new string('a', 5000) + "\"", "", "}");

    private static readonly Gen<string> Header =
        from name in Gen.Elements("alg", "kid", "typ", "crit", "cty", "x5t", "x5c", "jku", "zip", "b64", "enc")
        from value in Value
        from others in Gen.Elements("\"alg\":\"ES256\",\"kid\":\"ec\"", "\"alg\":\"ES256\"", "\"alg\":\"RS256\",\"kid\":\"rsa\"", "\"x\":1")
        select $"{{{others},\"{name}\":{value}}}";

    private static readonly Gen<TestToken> Tokens =
        from changedHeader in Gen.Elements(true, false)
        from header in Header
        from claim in Gen.Elements("aud", "exp", "nbf", "iat", "sub", "email", "email_verified", "jti", "x")
        from value in Value
        from isSigned in Gen.Frequency((3, Gen.Constant(true)), (1, Gen.Constant(false)))
        let token = TestToken.Good.With(claim, value)
        let changed = changedHeader ? token.WithHeader(header) : token
        select isSigned ? changed : changed.Signed(_ => [1, 2, 3]);

    private static readonly Gen<string> Anything = Gen.OneOf(
        Tokens.Select(token => token.ToString()),
        // Cut off, doubled, one letter changed.
        from token in Tokens.Select(token => token.ToString())
        from at in Gen.Choose(0, token.Length - 1)
        from letter in Gen.Elements("", ".", "A", "-", "=", "é", " ", "\0", "\ud800")
        select token[..at] + letter + token[(at + 1)..],
        from token in Tokens.Select(token => token.ToString())
        from at in Gen.Choose(0, token.Length)
        select token[..at],
        // Bytes of any kind as the parts of a token.
        from parts in Gen.ArrayOf(Gen.Choose(0, 255).Select(each => (byte)each), 12).ListOf(3)
        select "ey" + string.Join('.', parts.Select(part => Base64Url.EncodeToString(part))),
        from text in Gen.ListOf(Gen.Elements("a", ".", "ey", "{", "%", "=", "é", "\0", "\ud800", " ")).Select(string.Concat)
        select text);

    private readonly OidcSetup _oidc = new();
    private readonly TestProvider _google = new();
    private readonly IdentityProviderClient _client;
    private readonly IAuthenticator[] _all;

    public GarbageTests()
    {
        var options = new SecurityOptions { ApiKeys = { Hashes = { new string('a', 64) }, Header = "Authorization" } };
        _client = _google.Client(_oidc.Time);
        _google.Answer = (_, _, _) => Task.FromResult((400, """{"error":"invalid_token"}"""));
        _all =
        [
            new ApiKeyAuthenticator(Options.Create(options)),
            new GoogleAccessTokenAuthenticator(Options.Create(options), _client, _oidc.Time),
            _oidc.Authenticator, new IamAuthenticator(_oidc.Time),
        ];
    }

    public void Dispose()
    {
        _oidc.Dispose();
        _client.Dispose();
    }

    [Fact]
    public void GarbageIsRefusedAndNotTold() => Prop
        .ForAll(Anything.ToArbitrary(), garbage =>
        {
            foreach (var authenticator in _all)
                Try(authenticator, TestRequest.Bearer(garbage), garbage);
        })
        .Check(Config.QuickThrowOnFailure.WithMaxTest(Rounds));

    /// <summary>Were none of it good, the property would hold for what refuses all.</summary>
    [Fact]
    public async Task SomeOfItIsGood()
    {
        var taken = 0;
        foreach (var token in Tokens.Sample(200, 200))
            taken += await TakesAsync(token) ? 1 : 0;

        Assert.InRange(taken, 10, 190);
    }

    [Fact]
    public void GarbageOfAProviderIsItsFault() => Prop
        .ForAll((from header in Header from value in Value select (header, value)).ToArbitrary(), garbage =>
        {
            using var oidc = new OidcSetup();
            oidc.Keys.Insert(0, garbage.header.Replace("\"alg\":", "\"kty\":", StringComparison.Ordinal));
            oidc.Keys.Add($$"""{"kty":"EC","kid":{{garbage.value}},"crv":"P-256","x":{{garbage.value}},"y":"AA"}""");
            Try(oidc.Authenticator, TestRequest.Bearer($"{TestToken.Good}"), "no secret");
            _google.Answer = (_, _, _) => Task.FromResult((200, $$"""{"aud":{{garbage.value}},"exp":{{garbage.value}},"sub":{{garbage.value}}}"""));
            Try(_all[1], TestRequest.Bearer(Guid.NewGuid().ToString()), "no secret");
        })
        .Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    private async Task<bool> TakesAsync(TestToken token)
    {
        try
        {
            return await _oidc.AskAsync(token) is not null;
        }
        catch (AuthenticationException)
        {
            return false;
        }
    }

    /// <summary>Nothing here waits for anything: the answer is there at once.</summary>
    private static void Try(IAuthenticator authenticator, HttpRequest request, string secret)
    {
        try
        {
            authenticator.AskAsync(request).GetAwaiter().GetResult();
        }
        catch (Exception refusal) when (refusal is AuthenticationException or IdentityProviderException)
        {
            // A short part is a word that any message may hold.
            foreach (var part in secret.Split('.').Where(part => part.Length > 8))
                Assert.DoesNotContain(part, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes($"{refusal}")), StringComparison.Ordinal);
        }
    }
}
