using ServerlessA2A.Protocol;
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

    [Fact]
    public void AChangedCopyOwnsWhatItsOwnNameSays() =>
        Assert.Equal(new Caller("acme", "eve").Owner, (new Caller("acme", "bob") with { Name = "eve" }).Owner);
}
