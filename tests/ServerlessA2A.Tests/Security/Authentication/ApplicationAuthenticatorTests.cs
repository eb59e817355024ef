using System.Security.Claims;
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

    private static async Task<Identity?> AuthenticateAsync(ClaimsIdentity user) => await new ApplicationAuthenticator().AuthenticateAsync(
        new DefaultHttpContext { User = new ClaimsPrincipal(user) }.Request, default);
}
