using ServerlessA2A.Security;
using ServerlessA2A.Security.Authentication;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Security.Authentication;

public class IamAuthenticatorTests
{
    private const string Email = "service-1@gcp-sa-discoveryengine.iam.gserviceaccount.com";

    private static readonly TestToken Checked = TestToken.Good
        .With("email", $"\"{Email}\"").With("email_verified", "true")
        .Signed(_ => Convert.FromBase64String("SIGNATURE/REMOVED/BY/GOOGLE="));

    private readonly ManualTimeProvider _time = new();
    private readonly IamAuthenticator _iam;

    public IamAuthenticatorTests() => _iam = new IamAuthenticator(_time);

    [Theory]
    [InlineData("Authorization")]
    [InlineData("X-Serverless-Authorization")]
    public async Task TheVerifiedAddressNamesTheCaller(string header) =>
        Assert.Equal(
            new Identity(Email) { Authority = "iam", Email = Email }, await _iam.AskAsync(TestRequest.With((header, $"Bearer {Checked}"))));

    [Fact]
    public async Task TheSignatureMayBeWhatCloudRunPutsThere()
    {
        var token = $"{Checked}"[..($"{Checked}".LastIndexOf('.') + 1)] + "SIGNATURE_REMOVED_BY_GOOGLE";

        Assert.Equal(Email, (await _iam.AskAsync(TestRequest.Bearer(token)))!.Name);
    }

    [Theory]
    [InlineData("email_verified", "false")]
    [InlineData("email_verified", null)]
    [InlineData("email", null)]
    [InlineData("email", "1")]
    [InlineData("email", "\"\"")]
    public async Task WithoutAVerifiedAddressTheSubjectNamesTheCaller(string claim, string? value) =>
        Assert.Equal(new Identity("alice") { Authority = "iam" }, await _iam.AskAsync(TestRequest.Bearer($"{Checked.With(claim, value)}")));

    [Fact]
    public async Task TheHeaderThatCloudRunHasCheckedCounts()
    {
        var request = TestRequest.With(("X-Serverless-Authorization", $"Bearer {Checked}"), ("Authorization", $"Bearer {TestToken.Good}"));

        Assert.Equal(Email, (await _iam.AskAsync(request))!.Name);
    }

    /// <summary>Cloud Run has looked at that one, and may have read it more kindly than we do: the other is anybody's.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("Basic YTpi")]
    [InlineData("Bearer")]
    [InlineData("Bearer opaque")]
    [InlineData("Bearer\ttoken")]
    public async Task WhatStandsBesideItIsNeverBelieved(string value) =>
        await _iam.RefusalAsync(TestRequest.With(("X-Serverless-Authorization", value), ("Authorization", $"Bearer {Checked}")));

    [Fact]
    public async Task SeveralCheckedHeadersAreRefused() =>
        await _iam.RefusalAsync(
            TestRequest.With(("X-Serverless-Authorization", $"Bearer {Checked}"),
            ("X-Serverless-Authorization", $"Bearer {TestToken.Good}")));

    [Theory]
    [InlineData(null)]
    [InlineData("Basic YTpi")]
    [InlineData("Bearer ya29.opaque")]
    [InlineData("Bearer ya29.c.opaque")]
    public async Task WhatHoldsNoIdTokenIsLeftToOthers(string? value) =>
        Assert.Null(await _iam.AskAsync(value is null ? TestRequest.With() : TestRequest.With(("Authorization", value))));

    [Theory]
    [InlineData("eyJ.e30.x")]
    [InlineData("eyJhIjoxfQ.W10.x")]
    [InlineData("eyJhIjoxfQ.!.x")]
    [InlineData("eyJhIjoxfQ..")]
    public async Task AMalformedTokenIsRefused(string token) =>
        Assert.Equal("The ID token in Authorization cannot be read.", await _iam.RefusalAsync(TestRequest.Bearer(token)));

    [Theory]
    [InlineData("sub", null)]
    [InlineData("sub", "7")]
    [InlineData("sub", "\"\\ud800\"")]
    public async Task ATokenThatNamesNobodyIsRefused(string claim, string? value) =>
        Assert.Contains(
            "names no caller", await _iam.RefusalAsync(TestRequest.Bearer($"{TestToken.Good.With(claim, value)}")),
            StringComparison.Ordinal);

    [Theory]
    [InlineData(null)]
    [InlineData("\"soon\"")]
    [InlineData("-1")]
    [InlineData("1e300")]
    public async Task ATokenThatDoesNotEndIsRefused(string? expires) =>
        Assert.Contains(
            "expired", await _iam.RefusalAsync(TestRequest.Bearer($"{Checked.With("exp", expires)}")), StringComparison.Ordinal);

    [Fact]
    public async Task AnExpiredTokenIsTakenAsLongAsClocksMayDiffer()
    {
        var request = TestRequest.Bearer($"{Checked}");
        _time.Advance(TimeSpan.FromSeconds(659));
        Assert.NotNull(await _iam.AskAsync(request));

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Contains("expired", await _iam.RefusalAsync(request), StringComparison.Ordinal);
    }
}
