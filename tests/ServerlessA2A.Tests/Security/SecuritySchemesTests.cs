using Microsoft.Extensions.Options;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Cards;
using ServerlessA2A.Security;

namespace ServerlessA2A.Tests.Security;

/// <summary>What the card says of identities.</summary>
public sealed class SecuritySchemesTests
{
    private static readonly AgentCard Card = new AgentCards(Options.Create(new AgentCardOptions()))
        .Public(new Uri("https://agent.example/"));

    [Fact]
    public void AnAgentForAnonymousCallersSaysNothing()
    {
        Assert.Same(Card, SecuritySchemes.Declare(Card, new SecurityOptions(), NoScopes));
        Assert.Same(Card, SecuritySchemes.Declare(Card, With("none"), NoScopes));
    }

    [Fact]
    public void EachSchemeIsSaidAndEachIsEnough()
    {
        var options = With("iam", "oidc", "google-access-token", "api-key");
        options.Oidc.Issuers.Add(new() { Issuer = "https://login.example/" });
        options.Oidc.Issuers.Add(new() { Issuer = "partner", KeySetUrl = "https://partner.example/keys" });
        options.ApiKeys.Header = "X-Key";

        var card = SecuritySchemes.Declare(Card, options, NoScopes);

        Assert.Equal(["iam", "oidc", "oidc2", "google", "apiKey"], card.SecuritySchemes!.Keys);
        Assert.Equal("JWT", card.SecuritySchemes["iam"].HttpAuthSecurityScheme!.BearerFormat);
        Assert.Equal(
            "https://login.example/.well-known/openid-configuration",
            card.SecuritySchemes["oidc"].OpenIdConnectSecurityScheme!.OpenIdConnectUrl);
        Assert.Equal("A token of partner.", card.SecuritySchemes["oidc2"].HttpAuthSecurityScheme!.Description);
        Assert.Equal(
            "https://oauth2.googleapis.com/token", card.SecuritySchemes["google"].Oauth2SecurityScheme!.Flows.AuthorizationCode!.TokenUrl);
        Assert.Equal(
            ("header", "X-Key"),
            (card.SecuritySchemes["apiKey"].ApiKeySecurityScheme!.Location, card.SecuritySchemes["apiKey"].ApiKeySecurityScheme!.Name));
        Assert.Equal(card.SecuritySchemes.Keys, card.SecurityRequirements!.Select(requirement => Assert.Single(requirement.Schemes!).Key));
        Assert.Equal(["openid", "email"], card.SecurityRequirements![3].Schemes!["google"].List!);
    }

    [Fact]
    public void WhereAnonymousCallersAreLetInTooNothingIsRequired()
    {
        var card = SecuritySchemes.Declare(Card, With("api-key", "none"), NoScopes);

        Assert.NotNull(card.SecuritySchemes);
        Assert.Null(card.SecurityRequirements);
    }

    [Fact]
    public void ASkillThatRequiresScopesNamesThemForTheSchemesThatHaveScopes()
    {
        var options = With("iam", "oidc", "google-access-token", "api-key");
        options.Oidc.Issuers.Add(new() { Issuer = "https://login.example/" });

        var skill = Assert.Single(SecuritySchemes.Declare(Card, options, id => id == "chat" ? ["chat.read", "chat.write"] : []).Skills);

        Assert.Equal(["oidc", "google"], skill.SecurityRequirements!.Select(requirement => Assert.Single(requirement.Schemes!).Key));
        Assert.All(skill.SecurityRequirements!, each => Assert.Equal(["chat.read", "chat.write"], each.Schemes!.Single().Value.List!));
        Assert.Null(Assert.Single(SecuritySchemes.Declare(Card, options, NoScopes).Skills).SecurityRequirements);
    }

    private static IReadOnlyList<string> NoScopes(string skill) => [];

    private static SecurityOptions With(params string[] identity)
    {
        var options = new SecurityOptions();
        foreach (var name in identity)
            options.Identity.Add(name);
        return options;
    }
}
