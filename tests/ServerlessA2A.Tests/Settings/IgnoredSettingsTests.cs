using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using ServerlessA2A.Agents;
using ServerlessA2A.Security;
using ServerlessA2A.Security.Limits;
using ServerlessA2A.Settings;
using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Webhooks;

namespace ServerlessA2A.Tests.Settings;

/// <summary>What binding would ignore is said before anybody calls: it restricts nothing.</summary>
public class IgnoredSettingsTests
{
    [Theory]
    [InlineData("Security:AllowedCallers", "alice")]
    [InlineData("Security:Identity", "none")]
    [InlineData("Security:SigningKeys", "key")]
    [InlineData("Security:EncryptionKeys", "key")]
    [InlineData("Security:ApiKeys:Hashes", "a")]
    [InlineData("Security:Oidc:Issuers", "https://issuer.example.com")]
    [InlineData("Security:GoogleAccessToken:Audiences", "client")]
    [InlineData("Webhooks:AllowedHosts", "example.com")]
    [InlineData("Webhooks:DeniedHosts", "example.com")]
    [InlineData("Http:AllowedOrigins", "https://page.example.com")]
    [InlineData("Agent:InputModes", "text/plain")]
    public async Task OneTextInThePlaceOfAListIsRefusedAtStart(string setting, string value)
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => AgentHost.StartAsync((setting, value)));

        var variable = $"A2A__{setting.Replace(":", "__", StringComparison.Ordinal)}";
        Assert.Equal(
            $"A2A:{setting} ({variable}) is a single text but must be a list: set A2A:{setting}:0 ({variable}__0).",
            Assert.Single(refused.Failures));
    }

    [Theory]
    [InlineData("Security:AllowedCaller:0", "Security:AllowedCaller")]
    [InlineData("Security:Oidc:Isuers:0:Issuer", "Security:Oidc:Isuers")]
    [InlineData("Security:ApiKeys:Hash", "Security:ApiKeys:Hash")]
    [InlineData("Webhooks:DeniedHost:0", "Webhooks:DeniedHost")]
    public async Task AnUnknownNameIsRefusedAtStart(string setting, string told)
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => AgentHost.StartAsync((setting, "x")));

        Assert.Equal(
            $"A2A:{told} (A2A__{told.Replace(":", "__", StringComparison.Ordinal)}) is unknown: correct the name, or remove the setting.",
            Assert.Single(refused.Failures));
    }

    [Theory]
    [InlineData("Oidc:Issuers:0:Audience", "Oidc:Issuers:0:Audience is unknown")]
    [InlineData("Oidc:Issuers:0:Audiences", "Oidc:Issuers:0:Audiences is a single text")]
    public void MembersOfAListAreRead(string setting, string told)
    {
        var fault = Assert.Single(Faults(typeof(SecurityOptions), names: true, (setting, "x")));

        Assert.Equal(told, fault.Replace($" ({setting.Replace(":", "__", StringComparison.Ordinal)})", "", StringComparison.Ordinal)
            [..told.Length]);
    }

    [Fact]
    public void NamesAreReadWithoutCaseAsBindingReadsThem() => Assert.Empty(
        Faults(typeof(SecurityOptions), names: true, ("allowedcallers:0", "alice"), ("OIDC:issuers:0:issuer", "https://a.example.com")));

    [Fact]
    public void AnEmptyTextRestrictsNothing() =>
        Assert.Empty(Faults(typeof(WebhookOptions), names: true, ("AllowedHosts", "")));

    [Fact]
    public void UnknownNamesElsewhereAreNotRead() =>
        Assert.Empty(Faults(typeof(LimitOptions), names: false, ("Note", "ours"), ("Note:Of", "us")));

    [Fact]
    public void ASkillsScopesAreAList() => Assert.StartsWith(
        "Skills:0:RequiredScopes (Skills__0__RequiredScopes) is a single text",
        Assert.Single(Faults(typeof(AgentCardOptions), names: false, ("Skills:0:RequiredScopes", "read"))), StringComparison.Ordinal);

    private static List<string> Faults(Type options, bool names, params (string Setting, string? Value)[] settings)
    {
        var values = settings.ToDictionary(each => each.Setting, each => each.Value);
        return [.. IgnoredSettings.Faults(new ConfigurationBuilder().AddInMemoryCollection(values).Build(), options, names)];
    }
}
