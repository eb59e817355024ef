using ServerlessA2A.Security;
using ServerlessA2A.Tests.Security.Authentication;

namespace ServerlessA2A.Tests.Security;

public class CredentialsTests
{
    [Theory]
    [InlineData("Bearer a.b", "a.b")]
    [InlineData("bearer a", "a")]
    [InlineData("Bearer   a  ", "a")]
    [InlineData("Bearer ", null)]
    [InlineData("Bearera", null)]
    [InlineData("Basic a", null)]
    [InlineData("a", null)]
    [InlineData("", null)]
    public void ABearerTokenIsWhatFollowsTheScheme(string value, string? token) =>
        Assert.Equal(token, Credentials.Bearer(TestRequest.With(("Authorization", value))));

    [Fact]
    public void SeveralHeadersAreNoToken() =>
        Assert.Null(Credentials.Bearer(TestRequest.With(("Authorization", "Bearer a"), ("Authorization", "Bearer b"))));

    [Theory]
    [InlineData("eyJhbGciOiJFUzI1NiJ9.e30.c2ln", true)]
    [InlineData("ewoiYWxnIjoiRVMyNTYifQ.e30.", true)]
    [InlineData("ya29.a0AfH6SM", false)]
    [InlineData("ya29.c.c0AYzKu", false)]
    [InlineData("eyJhbGciOiJFUzI1NiJ9.e30", false)]
    [InlineData("eyJhbGciOiJFUzI1NiJ9.a.b.c.d", false)]
    [InlineData("e..", false)]
    [InlineData("..", false)]
    [InlineData("W10.e30.c2ln", false)]
    [InlineData("", false)]
    public void AJwtBeginsWithAnObjectAndHasThreeParts(string token, bool isJwt) => Assert.Equal(isJwt, Credentials.IsJwt(token));
}
