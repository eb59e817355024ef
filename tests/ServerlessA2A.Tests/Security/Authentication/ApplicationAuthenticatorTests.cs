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
        var caller = await AuthenticateAsync(new ClaimsIdentity(
        [
            Renamed(ClaimTypes.NameIdentifier, "sub", "alice"),
            Renamed("http://schemas.microsoft.com/identity/claims/scope", "scp", "read write"),
            new Claim("groups", "staff"), new Claim("groups", "admins"), new Claim("active", "True", ClaimValueTypes.Boolean),
            new Claim("level", "5", ClaimValueTypes.Integer32), new Claim("address", """{"city":"Berlin"}""", "JSON"),
            new Claim("odd", "{", "JSON"), new Claim("twice", """{"a":1,"a":2}""", "JSON"), new Claim("half", "\ud800"),
            new Claim("AspNet.Identity.SecurityStamp", "secret"),
        ], "test"));

        var expected = JsonElement.Parse("""
            {
              "sub": "alice", "scp": "read write", "groups": ["staff", "admins"], "active": true, "level": 5,
              "address": { "city": "Berlin" }, "odd": "{", "twice": "{\"a\":1,\"a\":2}", "half": "\uFFFD"
            }
            """);
        Assert.True(JsonElement.DeepEquals(expected, caller!.Claims!.Value), $"{caller.Claims}");
    }

    [Theory]
    [InlineData("true", "alice@example.com")]
    [InlineData("false", null)]
    [InlineData(null, null)]
    public async Task AnAddressCountsOnlyIfItIsVerified(string? verified, string? expected)
    {
        var user = new ClaimsIdentity([new Claim("sub", "alice"), new Claim(ClaimTypes.Email, "alice@example.com")], "test");
        if (verified is not null)
            user.AddClaim(new Claim("email_verified", verified, ClaimValueTypes.Boolean));

        Assert.Equal(expected, (await AuthenticateAsync(user))!.Email);
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

    private static async Task<Identity?> AuthenticateAsync(ClaimsIdentity user) => await new ApplicationAuthenticator().AuthenticateAsync(
        new DefaultHttpContext { User = new ClaimsPrincipal(user) }.Request, default);
}
