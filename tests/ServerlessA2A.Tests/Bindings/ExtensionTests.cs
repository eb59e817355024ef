using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Bindings.Harness.Protocols;

namespace ServerlessA2A.Tests.Bindings;

/// <summary>Extensions: required ones are insisted on, used ones are named (A2A 1.0, sections 3.2.6 and 3.3.4).</summary>
public sealed class ExtensionTests : IAsyncLifetime
{
    private const string Must = "https://example.com/must";
    private const string May = "https://example.com/may";

    private AgentHost _host = null!;

    public async Task InitializeAsync() => _host = await AgentHost.StartAsync(
        ("Agent:Extensions:0:Uri", Must), ("Agent:Extensions:0:Required", "true"), ("Agent:Extensions:1:Uri", May));

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task ARequestThatDoesNotNameARequiredExtensionIsRefusedByAllOperationsOnTasks()
    {
        foreach (var wire in Wires())
        {
            HttpRequestMessage[] requests =
            [
                wire.SendRequest("echo:x", new SendOptions()), wire.StreamRequest("echo:x", new SendOptions()), wire.GetRequest("x"),
                wire.CancelRequest("x"), wire.CreateConfigRequest("x", "https://example.com", "h"), wire.GetConfigRequest("x", "h"),
                wire.ListConfigsRequest("x"), wire.DeleteConfigRequest("x", "h"),
            ];
            foreach (var request in requests)
            {
                var reply = await wire.AskAsync(request.With("A2A-Extensions", May));
                Assert.Equal("EXTENSION_SUPPORT_REQUIRED", reply.Reason);
                Assert.Equal(Must, reply.Details[0].GetProperty("metadata").GetProperty("extensions").GetString());
            }
        }
    }

    [Fact]
    public async Task TheExtendedCardMayBeAskedForWithoutAny()
    {
        foreach (var wire in Wires())
            Assert.Equal("UNSUPPORTED_OPERATION", (await wire.AskAsync(wire.ExtendedCardRequest())).Reason);
    }

    [Theory]
    [InlineData("A2A-Extensions", $"{Must},{May}", $"{Must}, {May}")]
    [InlineData("A2A-Extensions", $"  {May} , https://example.com/unknown ,{Must} ", $"{Must}, {May}")]
    [InlineData("a2a-extensions", Must, Must)]
    [InlineData("X-A2A-Extensions", Must, Must)]
    public async Task UsedExtensionsAreNamedInTheAnswer(string header, string requested, string used)
    {
        foreach (var wire in Wires())
        {
            var (response, _) = await _host.Client.ExchangeAsync(wire.SendRequest("echo:x", new SendOptions()).With(header, requested));

            Assert.Equal(used, Assert.Single(response.Headers.GetValues(wire.IsV1 ? "A2A-Extensions" : "X-A2A-Extensions")));
        }
    }

    [Fact]
    public async Task SeveralHeadersAreOneList()
    {
        var wire = new JsonRpcWire(_host.Client);
        var request = wire.SendRequest("echo:x", new SendOptions()).With("A2A-Extensions", May).With("A2A-Extensions", Must);

        var (response, _) = await _host.Client.ExchangeAsync(request);

        Assert.Equal($"{Must}, {May}", Assert.Single(response.Headers.GetValues("A2A-Extensions")));
    }

    [Fact]
    public async Task AStreamNamesThemToo()
    {
        var request = new JsonRpcWire(_host.Client).StreamRequest("echo:x", new SendOptions()).With("A2A-Extensions", Must);

        using var stream = await _host.Client.StreamAsync(request);

        Assert.Equal(Must, Assert.Single(stream.Response.Headers.GetValues("A2A-Extensions")));
        await stream.ReadToEndAsync();
    }

    private Wire[] Wires() =>
        [new JsonRpcWire(_host.Client), new HttpJsonWire(_host.Client), new JsonRpcV03Wire(_host.Client),
            new HttpJsonV03Wire(_host.Client)];
}
