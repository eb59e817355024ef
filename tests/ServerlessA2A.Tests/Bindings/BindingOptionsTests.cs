using ServerlessA2A.Bindings;

namespace ServerlessA2A.Tests.Bindings;

public sealed class BindingOptionsTests
{
    [Fact]
    public void DefaultsAreValid() => Assert.Empty(new BindingOptions().Validate());

    [Fact]
    public void ReportsAllFaultsWithSettingValueAndRemedy()
    {
        var options = new BindingOptions
        {
            MaxRequestBytes = 7,
            RequestTimeLimit = TimeSpan.Zero,
            CardMaxAge = TimeSpan.FromSeconds(-1),
            CardVersion = "2.0",
        };

        Assert.Equal(
        [
            "A2A:Http:MaxRequestBytes (A2A__Http__MaxRequestBytes) is 7: set a number of bytes from 1024 to 33554432 (32 MiB).",
            "A2A:Http:RequestTimeLimit (A2A__Http__RequestTimeLimit) is 00:00:00: set a time from 00:00:01 to 00:59:55, a few seconds " +
            "under the function's --timeout.",
            "A2A:Http:CardMaxAge (A2A__Http__CardMaxAge) is -00:00:01: set a time from 00:00:00 to 30.00:00:00.",
            "A2A:Http:CardVersion (A2A__Http__CardVersion) is '2.0': set blended, 1.0 or 0.3.",
        ], options.Validate());
    }

    [Theory]
    [InlineData("*")]
    [InlineData("https://app.example.com")]
    [InlineData("https://App.Example.com/")]
    [InlineData("http://localhost:3000")]
    [InlineData("http://[::1]:3000")]
    [InlineData("chrome-extension://abcdefghijklmnop")]
    [InlineData("https://bücher.example")]
    public void OriginsAsBrowsersSendThemAreValid(string origin) =>
        Assert.Empty(new BindingOptions { AllowedOrigins = { origin } }.Validate());

    [Theory]
    [InlineData("")]
    [InlineData("app.example.com")]
    [InlineData("https://app.example.com/page")]
    [InlineData("https://app.example.com?x")]
    [InlineData("https://app.example.com#x")]
    [InlineData("https://user@app.example.com")]
    [InlineData("https://*.example.com")]
    [InlineData("https://a.example, https://b.example")]
    [InlineData("null")]
    public void WhatIsNoOriginIsRefused(string text) => Assert.Equal(
        [
            $"A2A:Http:AllowedOrigins:1 (A2A__Http__AllowedOrigins__1) is '{text}': " +
                "set an origin as browsers send it, such as https://app.example.com, without a path; or * for any.",
        ],
        new BindingOptions { AllowedOrigins = { "*", text } }.Validate());

    [Theory]
    [InlineData("Blended")]
    [InlineData("1.0")]
    [InlineData("0.3")]
    public void EveryFormOfTheCardCanBeSet(string form) => Assert.Empty(new BindingOptions { CardVersion = form }.Validate());
}
