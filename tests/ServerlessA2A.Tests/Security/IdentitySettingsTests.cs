using System.Text.RegularExpressions;
using ServerlessA2A.Security;

namespace ServerlessA2A.Tests.Security;

/// <summary>What is said of bad settings: all of it, before anybody has called.</summary>
public partial class IdentitySettingsTests
{
    private const string Secret = "s3cret-api-key";
    private static readonly string Hash = new('a', 64);

    /// <summary>Settings with one fault each, its setting, and a word of what is said.</summary>
    private static readonly Dictionary<string, (Action<SecurityOptions> Change, string Setting, string Told)> Faulty = new()
    {
        ["unknown scheme"] = (options => options.Identity.Add("basic"), "Identity:4", "'basic'"),
        ["blank caller"] = (options => options.AllowedCallers.Add(" "), "AllowedCallers:0", "name or e-mail address"),
        ["any caller"] = (options => options.AllowedCallers.Add("*"), "AllowedCallers:0", "*@example.com"),
        ["no domain"] = (options => options.AllowedCallers.Add("*@"), "AllowedCallers:0", "*@example.com"),
        ["part of a domain"] = (options => options.AllowedCallers.Add("*@*.example.com"), "AllowedCallers:0", "*@example.com"),
        ["name of several"] = (options => options.AllowedCallers.Add("alice"), "AllowedCallers:0", "several authorities could vouch"),
        ["authority that is none"] = (options => options.AllowedCallers.Add("iam alice"), "AllowedCallers:0",
        "'iam' is not a configured authority"),
        ["name with a space"] = (options => options.AllowedCallers.Add("alice smith"), "AllowedCallers:0",
        "'alice' is not a configured authority"),
        ["authority of nobody"] = (options => options.AllowedCallers.Add("api-key "), "AllowedCallers:0", "name or e-mail address"),
        ["two spaces"] = (options => options.AllowedCallers.Add("api-key  alice"), "AllowedCallers:0", "one space"),
        ["part of an authority's domain"] = (options => options.AllowedCallers.Add("google-access-token *@*.example.com"),
        "AllowedCallers:0", "*@example.com"),
        ["address of a key"] = (options => options.AllowedCallers.Add("api-key alice@example.com"), "AllowedCallers:0",
        "no e-mail address"),
        ["no provider"] = (options => options.Oidc.Issuers.Clear(), "Oidc:Issuers:0:Issuer", "needs a provider"),
        ["no issuer"] = (options => options.Oidc.Issuers[0].Issuer = "", "Oidc:Issuers:0:Issuer", "https address"),
        ["issuer without address"] = (options => options.Oidc.Issuers[0].Issuer = "me", "Oidc:Issuers:0:Issuer", "KeySetUrl"),
        ["issuer over http"] = (options => options.Oidc.Issuers[0].Issuer = "http://issuer.example.com", "Oidc:Issuers:0:Issuer",
        "https address"),
        ["issuer twice"] = (options => options.Oidc.Issuers.Add(options.Oidc.Issuers[0]), "Oidc:Issuers:1:Issuer", "twice"),
        ["endless issuer"] = (options => options.Oidc.Issuers[0].Issuer = "https://issuer.example.com/" + new string('ä', 300),
        "Oidc:Issuers:0:Issuer", "at most 512 bytes"),
        ["keys over http"] = (options => options.Oidc.Issuers[0].KeySetUrl = "http://issuer.example.com/keys", "Oidc:Issuers:0:KeySetUrl",
        "https address"),
        ["keys without host"] = (options => options.Oidc.Issuers[0].KeySetUrl = "/keys", "Oidc:Issuers:0:KeySetUrl", "https address"),
        ["no audience"] = (options => options.Oidc.Issuers[0].Audiences.Clear(), "Oidc:Issuers:0:Audiences:0", "without an audience"),
        ["no claim"] = (options => options.Oidc.CallerClaim = " ", "Oidc:CallerClaim", "name of a claim"),
        ["no client"] = (options => options.GoogleAccessToken.Audiences.Clear(), "GoogleAccessToken:Audiences:0", "OAuth client"),
        ["no header"] = (options => options.ApiKeys.Header = "", "ApiKeys:Header", "name of a header"),
        ["header with a break"] = (options => options.ApiKeys.Header = "X-A\r\nB", "ApiKeys:Header", "name of a header"),
        ["key instead of its hash"] = (options => options.ApiKeys.Hashes.Add(Secret), "ApiKeys:Hashes:1", "not a SHA-256"),
        ["key with a name instead of its hash"] = (options => options.ApiKeys.Hashes.Add("alice=" + Secret), "ApiKeys:Hashes:1",
        "not a SHA-256"),
        ["hash that is too short"] = (options => options.ApiKeys.Hashes.Add(Hash[1..]), "ApiKeys:Hashes:1", "64 hexadecimal digits"),
        ["hash of an empty key"] = (options =>
        options.ApiKeys.Hashes.Add("alice=E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855"), "ApiKeys:Hashes:1",
        "the SHA-256 of the empty text"),
        ["hash without name"] = (options => options.ApiKeys.Hashes.Add("=" + Hash), "ApiKeys:Hashes:1", "not a SHA-256"),
        ["endless name"] = (options => options.ApiKeys.Hashes.Add(new string('ä', 129) + "=" + Hash), "ApiKeys:Hashes:1",
        "at most 256 bytes"),
        ["token that nobody brings"] = (options =>
        (options.ForwardAccessToken, _) = (true, options.Identity.Remove("oidc") && options.Identity.Remove("google-access-token")),
        "ForwardAccessToken", "set one of them"),
    };

    public static TheoryData<string> FaultyNames { get; } = [.. Faulty.Keys];

    [Fact]
    public void GoodSettingsAreNoFault()
    {
        Assert.Empty(Good().Validate());
        Assert.Empty(new SecurityOptions().Validate());
    }

    [Theory]
    [MemberData(nameof(FaultyNames))]
    public void AFaultIsToldByItsSettingAndItsVariableAndWhatToDo(string name)
    {
        var (change, setting, told) = Faulty[name];
        var options = Good();
        change(options);

        var fault = Assert.Single(options.Validate());

        Assert.StartsWith(
            $"A2A:Security:{setting} (A2A__Security__{setting.Replace(":", "__", StringComparison.Ordinal)}) is ", fault,
            StringComparison.Ordinal);
        Assert.Contains(told, fault, StringComparison.Ordinal);
        Assert.EndsWith(".", fault, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, fault, StringComparison.Ordinal);
        Assert.DoesNotMatch(LongDigits, fault);
    }

    [Fact]
    public void ANameThatSeveralCouldVouchForIsToldWithWhatToDo()
    {
        var options = Good();
        options.AllowedCallers.Add("alice");

        Assert.EndsWith(
            "is 'alice': several authorities could vouch for that name: put one of them in front " +
            "(https://issuer.example.com, google-access-token, api-key), " +
            "as in 'https://issuer.example.com alice', or use the e-mail address.",
            Assert.Single(options.Validate()),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("api-key alice")]
    [InlineData("api-key alice smith")]
    [InlineData("google-access-token 107")]
    [InlineData("https://issuer.example.com alice")]
    [InlineData("https://issuer.example.com *@example.com")]
    [InlineData("alice@example.com")]
    [InlineData("*@example.com")]
    public void WhereSeveralVouchACallerIsNamedWithOneOfThemOrByItsAddress(string entry)
    {
        var options = Good();
        options.AllowedCallers.Add(entry);

        Assert.Empty(options.Validate());
    }

    [Fact]
    public void TwoProvidersAreSeveralWhoVouch()
    {
        var options = new SecurityOptions { Identity = { "oidc" }, AllowedCallers = { "alice" } };
        options.Oidc.Issuers.Add(new OidcIssuerOptions { Issuer = "https://one.example.com", Audiences = { "agent" } });
        Assert.Empty(options.Validate());

        options.Oidc.Issuers.Add(new OidcIssuerOptions { Issuer = "https://two.example.com", Audiences = { "agent" } });
        Assert.Contains("(https://one.example.com, https://two.example.com)", Assert.Single(options.Validate()), StringComparison.Ordinal);
    }

    /// <summary>Where only keys are taken nobody has an address, and nobody would be let in.</summary>
    [Theory]
    [InlineData("alice@example.com")]
    [InlineData("*@example.com")]
    public void AKeyHasNoAddress(string entry)
    {
        var options = new SecurityOptions { Identity = { "none", "api-key" }, ApiKeys = { Hashes = { Hash } }, AllowedCallers = { entry } };

        Assert.Contains("an API key has no e-mail address", Assert.Single(options.Validate()), StringComparison.Ordinal);
    }

    [Fact]
    public void WhereCallersAreAnonymousNobodyHasToVouch() =>
        Assert.Empty(new SecurityOptions { AllowedCallers = { "alice", "api-key alice", "alice@example.com" } }.Validate());

    [Fact]
    public void AllFaultsAreToldAtOnce()
    {
        var options = new SecurityOptions { Identity = { "oidc", "google-access-token", "api-key", "kerberos" } };

        Assert.Equal(3, options.Validate().Count());
    }

    [Fact]
    public void WhatIsNotUsedIsNotLookedAt()
    {
        var options = new SecurityOptions { Identity = { "iam" }, ApiKeys = { Header = "" }, Oidc = { CallerClaim = "" } };

        Assert.Empty(options.Validate());
    }

    [Fact]
    public void TestsAndEmulatorsMaySpeakHttpOnThisMachine()
    {
        var options = Good();
        options.Oidc.Issuers[0].Issuer = "http://localhost:8080";
        options.Oidc.Issuers[0].KeySetUrl = "http://127.0.0.1:8080/keys";
        options.GoogleAccessToken.TokenInfoUrl = "http://[::1]:8080/tokeninfo";

        Assert.Empty(options.Validate());
    }

    [Fact]
    public void WithAKeySetAnIssuerMayBeAnyName()
    {
        var options = Good();
        (options.Oidc.Issuers[0].Issuer, options.Oidc.Issuers[0].KeySetUrl) = (
            "accounts.google.com", "https://www.googleapis.com/oauth2/v3/certs");

        Assert.Empty(options.Validate());
    }

    private static SecurityOptions Good() => new()
    {
        Identity = { "oidc", "google-access-token", "API-Key", "api-key" },
        Oidc = { Issuers = { new OidcIssuerOptions { Issuer = "https://issuer.example.com", Audiences = { "agent" } } } },
        GoogleAccessToken = { Audiences = { "client" } },
        ApiKeys = { Hashes = { Hash } },
    };

    [GeneratedRegex("[0-9a-f]{32}")]
    private static partial Regex LongDigits { get; }
}
