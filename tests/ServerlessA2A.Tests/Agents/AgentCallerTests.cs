using System.Text.Json;
using ServerlessA2A.Agents;

namespace ServerlessA2A.Tests.Agents;

public class AgentCallerTests
{
    [Theory]
    [InlineData("sub", "alice")]
    [InlineData("email_verified", "true")]
    [InlineData("exp", "1.50")]
    [InlineData("roles", null)]
    [InlineData("nothing", null)]
    [InlineData("SUB", null)]
    [InlineData("half", null)]
    public void AClaimIsFoundByItsName(string name, string? value)
    {
        var caller = new AgentCaller { Claims = JsonElement.Parse("""{"sub":"alice","email_verified":true,"exp":1.50,"roles":["a"],"half":"\ud800"}""") };
        Assert.Equal(value, caller.FindClaim(name));
    }

    [Fact]
    public void WhoHasNoClaimsHasNoneThatIsFound() => Assert.Null(AgentCaller.Anonymous.FindClaim("sub"));

    [Fact]
    public void ClaimsAreNotInItsText()
    {
        var caller = new AgentCaller { Name = "alice", Scheme = "oidc", Claims = JsonElement.Parse("""{"secret":1}""") };
        Assert.Equal("alice (oidc)", $"{caller}");
    }
}
