using ServerlessA2A.Security;

namespace ServerlessA2A.Tests.Security;

public class AllowedCallersTests
{
    private static readonly Identity Alice = new("107") { Authority = "google-access-token", Email = "Alice@Example.com" };

    [Fact]
    public void WithoutAListAllAreLetIn() => Assert.True(AllowedCallers.Include([], Alice));

    [Theory]
    [InlineData("107", true)]
    [InlineData("alice@example.com", true)]
    [InlineData("ALICE@EXAMPLE.COM", true)]
    [InlineData("*@example.com", true)]
    [InlineData("*@EXAMPLE.com", true)]
    [InlineData("10", false)]
    [InlineData("1070", false)]
    [InlineData("bob@example.com", false)]
    [InlineData("*@xample.com", false)]
    [InlineData("*@example.co", false)]
    [InlineData("*@mail.example.com", false)]
    [InlineData("*@", false)]
    [InlineData("*", false)]
    [InlineData("@example.com", false)]
    [InlineData("google-access-token 107", true)]
    [InlineData("google-access-token alice@example.com", true)]
    [InlineData("google-access-token *@example.com", true)]
    [InlineData("google-access-token 1070", false)]
    [InlineData("google-access-token bob@example.com", false)]
    [InlineData("google-access-token *@other.com", false)]
    [InlineData("google-access-token  107", false)]
    [InlineData("google-access-token", false)]
    [InlineData("google-access-token ", false)]
    [InlineData("Google-Access-Token 107", false)]
    [InlineData("https://issuer.example.com 107", false)]
    [InlineData("https://issuer.example.com alice@example.com", false)]
    [InlineData("https://issuer.example.com *@example.com", false)]
    [InlineData(" 107", false)]
    [InlineData("", false)]
    public void ACallerIsLetInByNameByAddressAndByItsDomain(string entry, bool isLetIn)
    {
        Assert.Equal(isLetIn, AllowedCallers.Include([entry], Alice));
        Assert.Equal(isLetIn, AllowedCallers.Include(["another", entry], Alice));
    }

    [Fact]
    public void NamesAreTakenLetterForLetter()
    {
        var carol = new Identity("Carol") { Authority = "api-key" };

        Assert.True(AllowedCallers.Include(["Carol"], carol));
        Assert.False(AllowedCallers.Include(["carol"], carol));
    }

    /// <summary>Many providers let their users choose such names.</summary>
    [Theory]
    [InlineData("*@example.com")]
    [InlineData("alice@example.com")]
    [InlineData("https://issuer.example.com *@example.com")]
    [InlineData("https://issuer.example.com alice@example.com")]
    public void ANameThatLooksLikeAnAddressIsNone(string entry)
    {
        var eve = new Identity("alice@example.com") { Authority = "https://issuer.example.com" };

        Assert.False(AllowedCallers.Include([entry], eve));
        Assert.False(AllowedCallers.Include([entry], eve with { Email = "eve@other.com" }));
    }

    [Fact]
    public void WhoIsNamedByTheAddressIsLetInByItIfItIsVerified() =>
        Assert.True(AllowedCallers.Include(
            ["alice@example.com"], new Identity("alice@example.com") { Authority = "iam", Email = "alice@example.com" }));

    [Fact]
    public void ANameMaySpellNoAuthority() =>
        Assert.False(AllowedCallers.Include(["api-key alice"], new Identity("api-key alice") { Authority = "https://issuer.example.com" }));

    [Fact]
    public void ANameBehindItsAuthorityMayHaveSpaces() =>
        Assert.True(AllowedCallers.Include(["api-key alice of sales"], new Identity("alice of sales") { Authority = "api-key" }));

    [Theory]
    [InlineData("eve@other.com@example.com", true)]
    [InlineData("\"eve@example.com\"@other.com", false)]
    [InlineData("eve@example.com@other.com", false)]
    public void TheDomainIsWhatStandsBehindTheLastSign(string email, bool isLetIn) =>
        Assert.Equal(isLetIn, AllowedCallers.Include(["*@example.com"], new Identity("1") { Authority = "iam", Email = email }));
}
