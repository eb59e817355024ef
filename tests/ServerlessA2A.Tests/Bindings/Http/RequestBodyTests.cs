using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Bindings.Harness.Protocols;

namespace ServerlessA2A.Tests.Bindings.Http;

/// <summary>How bodies are read: their limit, and in how many pieces they may come.</summary>
public sealed class RequestBodyTests : IAsyncLifetime
{
    private const int Limit = 64 * 1024;

    private AgentHost _host = null!;

    public async Task InitializeAsync() =>
        _host = await AgentHost.StartAsync(("Http:MaxRequestBytes", Limit.ToString(CultureInfo.InvariantCulture)));

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData("/", false)]
    [InlineData("/", true)]
    [InlineData("/message:send", false)]
    [InlineData("/v1/message:send", true)]
    public async Task ABodyAboveTheLimitIsRefusedWith413(string path, bool chunked)
    {
        var (response, body) = await _host.Client.ExchangeAsync(Post(path, Rpc(Limit + 1), chunked));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains("The request's body is larger than 65536 bytes.", body, StringComparison.Ordinal);
        Assert.Contains("PAYLOAD_TOO_LARGE", body, StringComparison.Ordinal);
        if (path == "/")
            Assert.StartsWith("""{"jsonrpc":"2.0","id":null,"error":{"code":-32600,""", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, false)]
    [InlineData(5_000, false)]
    [InlineData(5_000, true)]
    [InlineData(Limit, false)]
    [InlineData(Limit, true)]
    public async Task ABodyUpToTheLimitIsRead(int size, bool chunked)
    {
        var (response, body) = await _host.Client.ExchangeAsync(Post("/", Rpc(size), chunked));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("TASK_STATE_COMPLETED", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ABodyMayComeByteByByte()
    {
        var body = Rpc(300);
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(_host.Address!.Host, _host.Address.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: " +
            $"{body.Length}\r\n\r\n"));
        foreach (var piece in body)
            await stream.WriteAsync(new[] { (byte)piece });

        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync();

        Assert.StartsWith("HTTP/1.1 200 OK", answer, StringComparison.Ordinal);
        Assert.Contains("TASK_STATE_COMPLETED", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatATaskKeepsOfABodyOutlivesIt()
    {
        // The body's memory is used again for the next request: nothing of the first one may change with it.
        var wire = new HttpJsonWire(_host.Client);
        (int Size, string TaskId)[] tasks = [.. await Task.WhenAll(Enumerable.Range(1, 40).Select(async i =>
        {
            var (_, body) = await _host.Client.ExchangeAsync("POST", "/message:send",
                $$$$"""{"message":{"messageId":"{{{{i}}}}","role":"ROLE_USER","parts":[{"data":{"n":"{{{{new string('x', i * 100)}}}}{{{{i}}}}"}}],"metadata":{"n":{{{{i}}}}}}}""");
            return (i, body.Json().GetProperty("task").GetProperty("id").GetString()!);
        }))];

        foreach (var (i, taskId) in tasks)
        {
            var message = (await wire.AskAsync(wire.GetRequest(taskId)))["history"][0];
            Assert.Equal($$$"""{"n":"{{{new string('x', i * 100)}}}{{{i}}}"}""", message.GetProperty("parts")[0].GetProperty("data").GetRawText());
            Assert.Equal($$$"""{"n":{{{i}}}}""", message.GetProperty("metadata").GetRawText());
        }
    }

    private static HttpRequestMessage Post(string path, string body, bool chunked)
    {
        var request = RawHttp.Request("POST", path, body);
        request.Headers.TransferEncodingChunked = chunked;
        return request;
    }

    private static string Rpc(int size)
    {
        var body = $$$$"""{"jsonrpc":"2.0","id":1,"method":"SendMessage","params":{"message":{"messageId":"{{{{Guid.NewGuid()}}}}","role":"ROLE_USER","parts":[{"text":"@"}]}}}""";
        return body.Replace("@", new string('a', size - body.Length + 1), StringComparison.Ordinal);
    }
}
