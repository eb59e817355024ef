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
    [Fact]
    public void ANameThatLooksLikeAnAddressIsOfNoDomain() =>
        Assert.False(AllowedCallers.Include(["*@example.com"], new Identity("eve@example.com") { Authority = "https://issuer.example.com" }));

    [Theory]
    [InlineData("eve@other.com@example.com", true)]
    [InlineData("\"eve@example.com\"@other.com", false)]
    [InlineData("eve@example.com@other.com", false)]
    public void TheDomainIsWhatStandsBehindTheLastSign(string email, bool isLetIn) =>
        Assert.Equal(isLetIn, AllowedCallers.Include(["*@example.com"], new Identity("1") { Authority = "iam", Email = email }));
}
