using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Bindings.Http;

/// <summary>A body that begins and does not go on.</summary>
public sealed class StalledBodyTests
{
    [Fact]
    public async Task ABodyThatStallsIs408()
    {
        // The server's own patience, as short as it can be.
        var patience = new MinDataRate(bytesPerSecond: 1_000_000, gracePeriod: TimeSpan.FromSeconds(1.1));
        await using var host = await AgentHost.StartAsync(
            services => services.Configure<KestrelServerOptions>(kestrel => kestrel.Limits.MinRequestBodyDataRate = patience));

        var answers = await Task.WhenAll(
            StallAsync(host, "/", "identity"),
            StallAsync(host, "/message:send", "identity"),
            StallAsync(host, "/v1/message:send", "identity"),
            StallAsync(host, "/message:stream", "gzip"));

        Assert.All(answers, answer =>
        {
            Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
            Assert.Contains("\r\nConnection: close\r\n", answer, StringComparison.Ordinal);
            Assert.Contains("The request's body did not arrive in time.", answer, StringComparison.Ordinal);
            Assert.Contains("REQUEST_TIMEOUT", answer, StringComparison.Ordinal);
        });
        Assert.Contains("{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32600,", answers[0], StringComparison.Ordinal);
        Assert.Contains("{\"error\":{\"code\":408,\"status\":\"DEADLINE_EXCEEDED\",", answers[1], StringComparison.Ordinal);
    }

    private static async Task<string> StallAsync(AgentHost host, string path, string encoding)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(host.Address!.Host, host.Address.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" +
            $"Content-Encoding: {encoding}\r\nContent-Length: 100\r\n\r\n{{"));
        using var timeout = new CancellationTokenSource(Guard.Limit);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(timeout.Token);
    }
}
