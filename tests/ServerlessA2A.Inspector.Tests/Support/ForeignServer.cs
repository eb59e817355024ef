using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ServerlessA2A.Inspector.Tests.Support;

/// <summary>A server that is no agent of this library, and what it was sent.</summary>
internal sealed class ForeignServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ForeignServer(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First());

    /// <summary>The headers of each request.</summary>
    public ConcurrentQueue<IHeaderDictionary> Received { get; } = new();

    public static async Task<ForeignServer> StartAsync(RequestDelegate handle)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ResponseHeaderEncodingSelector = _ => System.Text.Encoding.Latin1);
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var server = new ForeignServer(app);
        app.Run(context =>
        {
            server.Received.Enqueue(new HeaderDictionary(context.Request.Headers.ToDictionary(each => each.Key, each => each.Value)));
            return handle(context);
        });
        await app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
