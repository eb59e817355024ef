using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ServerlessA2A.Security;
using ServerlessA2A.Security.Authentication;

namespace ServerlessA2A.Tests.Security.Authentication;

/// <summary>The user of the application that serves the agent.</summary>
public class ApplicationAuthenticatorTests
{
    private const string Issuer = "https://login.example.com";

    [Theory]
    [InlineData(ClaimTypes.NameIdentifier, "alice", null, "alice")]
    [InlineData("sub", "alice", null, "alice")]
    [InlineData("sub", "alice", Issuer, Issuer + " alice")]
    [InlineData("sub", Issuer + " alice", null, " " + Issuer + " alice")]
    public async Task TheClaimAndItsIssuerNameTheCaller(string claim, string value, string? issuer, string expected)
    {
        var caller = await AuthenticateAsync(new ClaimsIdentity([new Claim(claim, value, null, issuer)], "test"));

        Assert.Equal(("application", expected), (caller!.Authority, caller.Name));
    }

    [Fact]
    public async Task AnAnonymousUserIsLeftToOthers() =>
        Assert.Null(await AuthenticateAsync(new ClaimsIdentity([new Claim("sub", "alice")])));

    [Theory]
    [InlineData(ClaimTypes.Name, "alice")]
    [InlineData("sub", "")]
    public async Task AUserWithoutANameIsRejected(string claim, string value) =>
        await Assert.ThrowsAsync<AuthenticationException>(() => AuthenticateAsync(new ClaimsIdentity([new Claim(claim, value)], "test")));

    [Fact]
    public async Task ALongNameIsReplacedByItsHash() => Assert.Equal(
        64, (await AuthenticateAsync(new ClaimsIdentity([new Claim("sub", new string('a', 300))], "test")))!.Name.Length);

    [Fact]
    public async Task TheClaimsAreThoseOfTheUsersToken()
    {
        var deep = new string('[', 60) + new string(']', 60);
        var caller = await AuthenticateAsync(new ClaimsIdentity(
        [
            Renamed(ClaimTypes.NameIdentifier, "sub", "alice"),
            Renamed("http://schemas.microsoft.com/identity/claims/scope", "scp", "read write"),
            new Claim("groups", "staff"), new Claim("amr", "pwd"), new Claim("amr", "otp"), new Claim("amr", "otp"),
            new Claim(ClaimTypes.Role, "clerk"), new Claim("active", "True", ClaimValueTypes.Boolean),
            new Claim("level", "5", ClaimValueTypes.Integer32), new Claim("address", """{"city":"Berlin"}""", "JSON"),
            new Claim("odd", "{", "JSON"), new Claim("twice", """{"a":1,"a":2}""", "JSON"), new Claim("half", "\ud800"),
            new Claim("deep", deep, "JSON"), new Claim("odd truth", "1", ClaimValueTypes.Boolean),
            new Claim("AspNet.Identity.SecurityStamp", "secret"), new Claim("access_token", "secret"),
        ], "test"));

        var expected = JsonElement.Parse($$"""
            {
              "sub": "alice", "scp": "read write", "groups": ["staff"], "amr": ["pwd", "otp"], "roles": ["clerk"],
              "active": true, "level": 5, "odd truth": "1",
              "deep": "{{deep}}",
              "address": { "city": "Berlin" }, "odd": "{", "twice": "{\"a\":1,\"a\":2}", "half": "\uFFFD"
            }
            """);
        Assert.True(JsonElement.DeepEquals(expected, caller!.Claims!.Value), $"{caller.Claims}");
    }

    [Theory]
    [InlineData("true", ClaimValueTypes.Boolean, "alice@example.com")]
    [InlineData("True", ClaimValueTypes.String, "alice@example.com")]
    [InlineData("false", ClaimValueTypes.Boolean, null)]
    [InlineData(null, null, null)]
    public async Task AnAddressCountsOnlyIfItIsVerified(string? verified, string? type, string? expected)
    {
        var user = new ClaimsIdentity([new Claim("sub", "alice"), new Claim(ClaimTypes.Email, "alice@example.com")], "test");
        if (verified is not null)
            user.AddClaim(new Claim("email_verified", verified, type));

        Assert.Equal(expected, (await AuthenticateAsync(user))!.Email);
    }

    [Fact]
    public async Task TheTokensOwnNameCountsBeforeOneThatIsCalledSo()
    {
        var caller = await AuthenticateAsync(new ClaimsIdentity(
            [new Claim(ClaimTypes.NameIdentifier, "4711"), new Claim("sub", "alice"), new Claim("sub", "alice")], "test"));

        Assert.Equal("4711", caller!.Name);
        Assert.Equal("""{"sub":"alice"}""", caller.Claims!.Value.GetRawText());
    }

    /// <summary>A user of several providers: what one of them says is not vouched for by another.</summary>
    [Fact]
    public async Task TheClaimsAreThoseOfTheIdentityThatNamesTheCaller()
    {
        var caller = await AuthenticateAsync(
            new ClaimsIdentity([new Claim("email", "bob@example.com"), new Claim("sub", "alice")], "test"),
            new ClaimsIdentity([new Claim("email_verified", "true", ClaimValueTypes.Boolean), new Claim("scope", "pay")], "other"),
            new ClaimsIdentity([new Claim("scope", "pay")]));

        Assert.Null(caller!.Email);
        Assert.Equal("""{"email":"bob@example.com","sub":"alice"}""", caller.Claims!.Value.GetRawText());
    }

    [Fact]
    public async Task OfTooManyClaimsTheStandardOnesAreKept()
    {
        var caller = await AuthenticateAsync(new ClaimsIdentity(
            [new Claim("sub", "alice"), new Claim("scope", "read"), new Claim("photo", new string('x', CallerClaims.MaxClaims))], "test"));

        Assert.Equal("""{"sub":"alice","scope":"read"}""", caller!.Claims!.Value.GetRawText());
        Assert.True(caller.OversizedClaims > CallerClaims.MaxClaims);
    }

    private static Claim Renamed(string type, string name, string value) =>
        new(type, value) { Properties = { [ApplicationClaims.ShortName] = name } };

    private static async Task<Identity?> AuthenticateAsync(params ClaimsIdentity[] user) =>
        await new ApplicationAuthenticator().AuthenticateAsync(
            new DefaultHttpContext { User = new ClaimsPrincipal(user) }.Request, default);
}
