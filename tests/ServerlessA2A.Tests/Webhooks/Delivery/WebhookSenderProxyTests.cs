using System.Net;
using ServerlessA2A.Webhooks.Delivery;

namespace ServerlessA2A.Tests.Webhooks.Delivery;

/// <summary>
/// A proxy would look the name up by itself, past the guard. The one of the environment (<c>HTTP_PROXY</c>, <c>ALL_PROXY</c>) is what
/// <see cref="HttpClient.DefaultProxy"/> holds: read once for the process, so that a test can't set the variables. It counts for all, so
/// that this test runs alone.
/// </summary>
[Collection(nameof(WebhookSenderProxyTests))]
public class WebhookSenderProxyTests
{
    [Fact]
    public async Task TheProxyOfTheEnvironmentIsNotUsed()
    {
        const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
        await using var proxy = SocketReceiver.Answering(Ok);
        var requests = new List<string?>();
        await using var receiver = SocketReceiver.Start(async connection =>
        {
            requests.Add(await connection.ReadRequestAsync());
            await connection.WriteAsync(Ok);
        });
        using var calls = new WebhookCalls();
        using var careless = new HttpClient();
        var before = HttpClient.DefaultProxy;
        HttpClient.DefaultProxy = new WebProxy(proxy.Url("127.0.0.1"));
        try
        {
            Assert.Equal(new WebhookAnswer { Status = 200 }, await calls.SendAsync(receiver.Url()));
            Assert.Equal(0, proxy.Connections);

            // A proxy's request would begin with the whole address, wherever it were connected to.
            Assert.StartsWith("POST /in HTTP/1.1\r\n", Assert.Single(requests), StringComparison.Ordinal);

            await careless.GetAsync(receiver.Url());
            Assert.Equal((1, 1), (proxy.Connections, receiver.Connections));
        }
        finally
        {
            HttpClient.DefaultProxy = before;
        }
    }

    [CollectionDefinition(nameof(WebhookSenderProxyTests), DisableParallelization = true)]
    public sealed class Alone;
}
