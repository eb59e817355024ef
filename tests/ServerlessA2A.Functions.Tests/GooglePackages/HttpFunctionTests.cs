using System.Net;
using Google.Cloud.Functions.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ServerlessA2A.Functions.Tests.GooglePackages.Functions;

namespace ServerlessA2A.Functions.Tests.GooglePackages;

public class HttpFunctionTests : FunctionTestBase<EchoFunction>
{
    [Theory]
    [InlineData("GET", "/")]
    [InlineData("POST", "/any/path")]
    [InlineData("DELETE", "/.well-known/agent-card.json")]
    public async Task AFunctionIsGivenEveryPathAndMethod(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        await ExecuteHttpRequestAsync(request, async response =>
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal($"{method} {path}", await response.Content.ReadAsStringAsync());
        });
    }

    [Theory]
    [InlineData("/robots.txt")]
    [InlineData("/favicon.ico")]
    public async Task WhatBrowsersAndCrawlersAskForDoesNotReachTheFunction(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);

        await ExecuteHttpRequestAsync(request, response => Assert.Equal(HttpStatusCode.NotFound, response.StatusCode));

        Assert.Empty(GetFunctionLogEntries());
    }

    [Fact]
    public async Task EveryRequestGetsAnInstanceOfItsOwn()
    {
        using var client = Server.CreateClient();
        using var first = await client.GetAsync(new Uri("/", UriKind.Relative));
        using var second = await client.GetAsync(new Uri("/", UriKind.Relative));

        Assert.NotEqual(first.Headers.GetValues("instance"), second.Headers.GetValues("instance"));
    }

    [Fact]
    public async Task TheFunctionsLogIsKeptWithItsScopes()
    {
        Assert.Equal("GET /here", await ExecuteHttpGetRequestAsync("/here"));

        var entry = Assert.Single(GetFunctionLogEntries());
        Assert.Equal("[Warning]: Asked for /here", entry.ToString());
        Assert.Equal((typeof(EchoFunction).FullName, LogLevel.Warning), (entry.CategoryName, entry.Level));
        Assert.Contains("an echo", entry.Scopes.Select(scope => scope.ToString()));
        Assert.Equal(Server.GetLogEntries(typeof(EchoFunction)).Count, Server.GetLogEntries(entry.CategoryName).Count);
    }

    [Fact]
    public void TheServersServicesAreTheFunctions()
    {
        Assert.Equal(typeof(EchoFunction), Server.FunctionTarget);
        Assert.Same(Server.Host.Services.GetRequiredService<ILoggerFactory>(), Server.Server.Services.GetRequiredService<ILoggerFactory>());
    }

    [Fact]
    public void ALoggerMadeForATypeKeepsWhatIsLoggedUntilItIsCleared()
    {
        var logger = new MemoryLogger<HttpContext>();
        var failure = new InvalidOperationException("because");
        logger.Log(LogLevel.Error, new EventId(7), "state", failure, (state, exception) => $"{state} {exception?.Message}");

        var entry = Assert.Single(logger.ListLogEntries());
        Assert.Equal(
            ("state because", 7, failure, typeof(HttpContext).FullName),
            (entry.Message, entry.EventId.Id, entry.Exception, entry.CategoryName));
        logger.Clear();
        Assert.Empty(logger.ListLogEntries());
    }
}
