using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Security;

namespace ServerlessA2A.Tests.Security;

public class CallerTests
{
    [Fact]
    public void TenantsThatShareLettersWithNamesAreDifferentOwners() =>
        Assert.NotEqual(new Caller("a", "b:c").Owner, new Caller("a:b", "c").Owner);

    [Fact]
    public void NoTenantCanSpellAnothersOwner() =>
        Assert.NotEqual(new Caller("", "1:a:b").Owner, new Caller("1:a", "b").Owner);

    [Fact]
    public void TheLongestOwnerIsLessThanWhatFirestoreTellsApart()
    {
        var identity = new Identity(new string('n', Identity.MaxName)) { Authority = new string('a', Identity.MaxAuthority) };
        Assert.InRange(new Caller(new string('t', RequestValidation.MaxIdLength), identity.Key).Owner.Length, 1000, 1400);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("acme", "")]
    [InlineData("", "alice")]
    [InlineData("a:b", "1:c:d:e")]
    [InlineData("3:a:", "5:oidc::")]
    public void AnOwnerIsReadBackAsItsCaller(string tenant, string name)
    {
        var caller = new Caller(tenant, name);
        Assert.Equal(caller, Caller.Read(caller.Owner));
    }

    [Theory]
    [InlineData("alice", "api-key")]
    [InlineData("a:b", "https://issuer.example:8080/")]
    [InlineData("", "api-key")]
    [InlineData("1:x:y", "2:z")]
    public void TheNameOfAnIdentityIsFoundInItsKey(string name, string authority) =>
        Assert.Equal(name, Identity.NameIn(new Identity(name) { Authority = authority }.Key));

    [Theory]
    [InlineData("")]
    [InlineData("alice")]
    [InlineData("9:x:alice")]
    [InlineData(":x:alice")]
    [InlineData("2147483647:x")]
    public void AKeyOfNoIdentityIsANameItself(string key) => Assert.Equal(key, Identity.NameIn(key));

    [Fact]
    public void AChangedCopyOwnsWhatItsOwnNameSays() =>
        Assert.Equal(new Caller("acme", "eve").Owner, (new Caller("acme", "bob") with { Name = "eve" }).Owner);
}
