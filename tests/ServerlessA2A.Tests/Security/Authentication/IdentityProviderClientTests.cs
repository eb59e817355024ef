using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ServerlessA2A.Security;
using ServerlessA2A.Security.Authentication;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Security.Authentication;

/// <summary>The connections that are really made, to a provider on this machine.</summary>
public sealed class IdentityProviderClientTests : IAsyncLifetime
{
    private readonly ConcurrentQueue<string> _asked = new();
    private readonly ManualTimeProvider _time = new();
    private readonly WebApplication _provider;

    public IdentityProviderClientTests()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _provider = builder.Build();
        _provider.Urls.Add("http://127.0.0.1:0");
        _provider.Use((context, next) =>
        {
            _asked.Enqueue(context.Request.Path);
            return next(context);
        });
        _provider.MapPost("/elsewhere", () => Results.Redirect("/taken", preserveMethod: true));
        _provider.MapPost("/taken", () => "{}");
        _provider.MapGet("/.well-known/openid-configuration", () => Results.Text($$"""{"issuer":"{{Address}}","jwks_uri":"{{Address}}/keys"}"""));
        _provider.MapGet("/keys", () => Results.Text($$"""{"keys":[{{OidcSetup.Public(TestKeys.Ec, "ec")}}]}"""));
    }

    private string Address => _provider.Urls.Single();

    public Task InitializeAsync() => _provider.StartAsync();

    public async Task DisposeAsync() => await _provider.DisposeAsync();

    [Fact]
    public async Task WhatIsAskedIsNotHandedOnElsewhere()
    {
        using var client = new IdentityProviderClient(_time);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Address}/elsewhere");

        Assert.Equal(HttpStatusCode.TemporaryRedirect, (await client.AskAsync(request, CancellationToken.None)).Status);
        Assert.Equal(["/elsewhere"], _asked);
    }

    [Fact]
    public async Task AnAddressIsToldWithoutItsQuery()
    {
        using var client = new IdentityProviderClient(_time);
        await _provider.StopAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Address}/taken?s3cret");

        var fault = await Assert.ThrowsAsync<IdentityProviderException>(() => client.AskAsync(request, CancellationToken.None));
        Assert.Equal($"{Address}/taken cannot be reached (ConnectionError).", fault.Message);
    }

    [Fact]
    public async Task KeysAreFoundByDiscovery()
    {
        var options =
            new SecurityOptions { Oidc = { Issuers = { new OidcIssuerOptions { Issuer = Address, Audiences = { TestToken.Audience } } } } };
        using var client = new IdentityProviderClient(_time);
        using var oidc = new OidcAuthenticator(Options.Create(options), client, _time);

        var caller = await oidc.AskAsync(TestRequest.Bearer($"{TestToken.Good.With("iss", $"\"{Address}\"")}"));

        Assert.Equal(Address, caller!.Authority);
        Assert.Equal(["/.well-known/openid-configuration", "/keys"], _asked);
    }
}
