using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using ServerlessA2A.Security;
using ServerlessA2A.Security.Authentication;

namespace ServerlessA2A.Tests.Security.Authentication;

public class ApiKeyAuthenticatorTests
{
    private const string Header = "X-API-Key";

    private readonly ApiKeyAuthenticator _keys = Of(
        $"alice={Hash("s3cret-1")}", $"alice={Hash("s3cret-2").ToUpperInvariant()}", Hash("s3cret-3"), $"bob = {Hash("schlüssel")}");

    [Theory]
    [InlineData("s3cret-1", "alice")]
    [InlineData("s3cret-2", "alice")]
    [InlineData("schlüssel", "bob")]
    public async Task AKeyThatIsKnownNamesItsCaller(string key, string caller) =>
        Assert.Equal(new Identity(caller) { Authority = "api-key" }, await _keys.AskAsync(TestRequest.With((Header, key))));

    [Fact]
    public async Task AKeyWithoutANameIsACallerOfItsOwn() =>
        Assert.Equal(Hash("s3cret-3")[..16], (await _keys.AskAsync(TestRequest.With((Header, "s3cret-3"))))!.Name);

    [Theory]
    [InlineData("s3cret-4")]
    [InlineData("s3cret")]
    [InlineData("S3CRET-1")]
    [InlineData("")]
    [InlineData("s3cret-1,s3cret-1")]
    [InlineData("\ud800")]
    public async Task AnotherKeyIsRefusedWithoutBeingTold(string key)
    {
        var refusal = await _keys.RefusalAsync(TestRequest.With((Header, key)));

        Assert.Equal("The key in X-API-Key is unknown.", refusal);
    }

    [Fact]
    public async Task AHashIsNoKey() => await _keys.RefusalAsync(TestRequest.With((Header, Hash("s3cret-1"))));

    [Fact]
    public async Task SeveralKeysAreRefusedEvenIfEachIsGood() =>
        Assert.Contains(
            "several times", await _keys.RefusalAsync(TestRequest.With((Header, "s3cret-1"), (Header, "s3cret-1"))),
            StringComparison.Ordinal);

    [Fact]
    public async Task ARequestWithoutTheHeaderIsLeftToOthers() =>
        Assert.Null(await _keys.AskAsync(TestRequest.With(("Authorization", "Bearer s3cret-1"), ("X-Api-Key-2", "s3cret-1"))));

    [Fact]
    public async Task TheHeaderIsTheConfiguredOne()
    {
        var options = With(Hash("s3cret-1"));
        options.ApiKeys.Header = "X-Mine";
        var keys = new ApiKeyAuthenticator(Options.Create(options));

        Assert.NotNull(await keys.AskAsync(TestRequest.With(("x-mine", "s3cret-1"))));
        Assert.Null(await keys.AskAsync(TestRequest.With((Header, "s3cret-1"))));
        Assert.Equal("ApiKey header=\"X-Mine\"", keys.Challenge);
    }

    private static ApiKeyAuthenticator Of(params string[] hashes) => new(Options.Create(With(hashes)));

    private static SecurityOptions With(params string[] hashes)
    {
        var options = new SecurityOptions();
        foreach (var hash in hashes)
            options.ApiKeys.Hashes.Add(hash);
        return options;
    }

    private static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
