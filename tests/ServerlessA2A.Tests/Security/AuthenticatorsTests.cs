using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Security;

namespace ServerlessA2A.Tests.Security;

public class AuthenticatorsTests
{
    [Fact]
    public void WhatIsConfiguredIsAskedInItsOrderWhateverTheOrderOfTheSettings()
    {
        using var services = With("iam", "application", "oidc", "none", "google-access-token", "api-key", "iam");

        var configured = services.GetRequiredService<Authenticators>().Configured;

        Assert.Equal(
            [IdentityScheme.Application, IdentityScheme.ApiKey, IdentityScheme.GoogleAccessToken, IdentityScheme.Oidc, IdentityScheme.Iam],
            configured.Select(each => each.Scheme));
        Assert.Equal(["Bearer", "ApiKey header=\"X-API-Key\"", "Bearer", "Bearer", "Bearer"], configured.Select(each => each.Challenge));
    }

    [Theory]
    [InlineData()]
    [InlineData("none")]
    public void WhereCallersStayAnonymousNobodyIsAsked(params string[] identities)
    {
        using var services = With(identities);

        Assert.Empty(services.GetRequiredService<Authenticators>().Configured);
    }

    [Fact]
    public void OnlyWhatIsConfiguredIsMade()
    {
        using var services = With("api-key");

        Assert.Equal([IdentityScheme.ApiKey], services.GetRequiredService<Authenticators>().Configured.Select(each => each.Scheme));
    }

    private static ServiceProvider With(params string[] identities) => new ServiceCollection()
        .AddServerlessA2A(new ConfigurationBuilder()
            .AddInMemoryCollection(identities.Select((identity, i) => KeyValuePair.Create($"A2A:Security:Identity:{i}", (string?)identity))
                .Append(new("A2A:Security:Oidc:Issuers:0:Issuer", "https://issuer.example.com"))
                .Append(new("A2A:Security:Oidc:Issuers:0:Audiences:0", "agent"))
                .Append(new("A2A:Security:GoogleAccessToken:Audiences:0", "client"))
                .Append(new("A2A:Security:ApiKeys:Hashes:0", new string('a', 64))))
            .Build())
        .BuildServiceProvider(validateScopes: true);
}
