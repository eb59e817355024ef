using System.Text;
using ServerlessA2A.Security;
using ServerlessA2A.Security.Authentication;

namespace ServerlessA2A.Tests.Security.Authentication;

public class CallerClaimsTests
{
    private static readonly Identity Alice = new("alice") { Authority = "x" };

    [Fact]
    public void ClaimsAreKeptAsTheyWereWritten()
    {
        const string claims = """{ "sub":"alice", "n":1750000000000000001, "x":"\u00fc" }""";
        var identity = Read(claims);
        Assert.Equal((claims, 0), (identity.Claims?.GetRawText(), identity.OversizedClaims));
    }

    [Theory]
    [InlineData(CallerClaims.MaxClaims, false)]
    [InlineData(CallerClaims.MaxClaims + 1, true)]
    public void OfTooManyTheStandardOnesAreKept(int size, bool isCut)
    {
        const string some = """{"scope":"a b","sub":"alice","groups":["g"],"fat":""}""";
        var claims = some[..^2] + new string('x', size - some.Length) + "\"}";
        Assert.Equal(size, Encoding.UTF8.GetByteCount(claims));

        var identity = Read(claims);

        Assert.Equal(isCut ? """{"sub":"alice","scope":"a b","groups":["g"]}""" : claims, identity.Claims?.GetRawText());
        Assert.Equal(isCut ? size : 0, identity.OversizedClaims);
    }

    [Fact]
    public void WhereThoseAreTooLargeTooNoneAreKept()
    {
        var identity = Read($$"""{"sub":"alice","groups":["{{new string('g', CallerClaims.MaxClaims)}}"]}""");
        Assert.Null(identity.Claims);
        Assert.True(identity.OversizedClaims > CallerClaims.MaxClaims);
    }

    /// <summary>Limits, caches and owners go by who calls.</summary>
    [Fact]
    public void ClaimsAreNoPartOfWhoCalls()
    {
        var (one, other) = (Read("""{"v":1}"""), Read("""{"v":2}"""));
        Assert.Equal((one, one.Key, one.GetHashCode()), (other, other.Key, other.GetHashCode()));
        Assert.NotEqual(one, other with { Email = "a@example.com" });
        Assert.DoesNotContain("v", $"{one}", StringComparison.Ordinal);
    }

    private static Identity Read(string claims) => Alice.WithClaims(JsonMembers.Parse(Encoding.UTF8.GetBytes(claims))!);
}
