using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ServerlessA2A.Tests.Webhooks.Delivery;

/// <summary>A webhook's receiver on a real server, with a certificate.</summary>
public sealed class TlsReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TlsReceiver(WebApplication app) => _app = app;

    /// <summary>The protocol of each request, and the host that it was sent to.</summary>
    public ConcurrentQueue<(string Protocol, string Host)> Requests { get; } = new();

    public int Port => new Uri(_app.Urls.Single()).Port;

    public static async Task<TlsReceiver> StartAsync(X509Certificate2 certificate, HttpProtocols protocols)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration()
            .ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = protocols;
            listen.UseHttps(certificate);
        }));
        var receiver = new TlsReceiver(builder.Build());
        receiver._app.Run(async context =>
        {
            receiver.Requests.Enqueue((context.Request.Protocol, context.Request.Host.Host));
            await context.Response.WriteAsync("taken", context.RequestAborted);
        });
        await receiver._app.StartAsync();
        return receiver;
    }

    public string Url(string host) => $"https://{host}:{Port}/in";

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }
}
