using System.Net;
using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Bindings.Harness.Protocols;

namespace ServerlessA2A.Tests.Bindings.Http;

/// <summary>Which version a request speaks (A2A 1.0, section 3.6).</summary>
public sealed class VersionTests(AgentHostFixture fixture) : IClassFixture<AgentHostFixture>
{
    private HttpClient Client => fixture.Host.Client;

    [Theory]
    [InlineData("1.0")]
    [InlineData("0.3")]
    [InlineData("1.0.1")]
    [InlineData("0.3.0")]
    [InlineData(" 1.0 ")]
    [InlineData("")]
    public async Task ASupportedVersionLeavesItToTheMethodAndThePath(string version)
    {
        var (_, v1) = await Client.ExchangeAsync(Rpc("GetTask").With("A2A-Version", version));
        var (_, v03) = await Client.ExchangeAsync(Rpc("tasks/get").With("A2A-Version", version));
        var (path, _) = await Client.ExchangeAsync(RawHttp.Request("GET", "/tasks/x").With("A2A-Version", version));

        Assert.Contains("TASK_NOT_FOUND", v1, StringComparison.Ordinal);
        Assert.Contains("TASK_NOT_FOUND", v03, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, path.StatusCode);
    }

    [Theory]
    [InlineData("2.0")]
    [InlineData("1.1")]
    [InlineData("0.2")]
    [InlineData("0.2.6")]
    [InlineData("1")]
    [InlineData("1.0.0.0")]
    [InlineData("v1.0")]
    [InlineData("-1.0")]
    [InlineData("1.0,0.3")]
    [InlineData("latest")]
    public async Task AnyOtherVersionIsNotSupported(string version)
    {
        var (_, body) = await Client.ExchangeAsync(Rpc("GetTask").With("A2A-Version", version));
        var (response, _) = await Client.ExchangeAsync(RawHttp.Request("GET", "/tasks/x").With("A2A-Version", version));

        Assert.Equal(
            $$$"""{"jsonrpc":"2.0","id":1,"error":{"code":-32009,"message":"The protocol version is not supported. Supported are 1.0 and 0.3.","data":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"VERSION_NOT_SUPPORTED","domain":"a2a-protocol.org","metadata":{"version":"{{{version}}}","supportedVersions":"1.0 and 0.3"}}]}}""",
            body);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task TheVersionMayBeInTheQuery()
    {
        var (_, rpc) = await Client.ExchangeAsync("POST", "/?A2A-Version=3.0", """{"jsonrpc":"2.0","id":1,"method":"GetTask","params":{"id":"x"}}""");
        var (_, path) = await Client.ExchangeAsync("GET", "/v1/tasks/x?a2a-version=3.0");

        Assert.Contains("VERSION_NOT_SUPPORTED", rpc, StringComparison.Ordinal);
        Assert.Contains("VERSION_NOT_SUPPORTED", path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheHeaderCountsBeforeTheQuery()
    {
        var (_, body) = await Client.ExchangeAsync(RawHttp.Request("GET", "/tasks/x?A2A-Version=3.0").With("A2A-Version", "1.0"));

        Assert.Contains("TASK_NOT_FOUND", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AMethodOfAVersionThatIsNotSupportedAnswersWithTheVersion()
    {
        var (_, body) = await Client.ExchangeAsync(Rpc("FutureMethod").With("A2A-Version", "2.0"));

        Assert.Contains("VERSION_NOT_SUPPORTED", body, StringComparison.Ordinal);
    }

    private static HttpRequestMessage Rpc(string method) =>
        RawHttp.Request("POST", "/", $$$"""{"jsonrpc":"2.0","id":1,"method":"{{{method}}}","params":{"id":"x"}}""");
}
