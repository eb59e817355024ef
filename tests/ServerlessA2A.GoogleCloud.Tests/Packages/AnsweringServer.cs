using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ServerlessA2A.GoogleCloud.Tests.Packages;

/// <summary>In the place of a service: every request gets the same answer, or none at all.</summary>
internal sealed class AnsweringServer : IAsyncDisposable
{
    private readonly WebApplication server;

    private AnsweringServer(WebApplication server) => this.server = server;

    /// <summary>Host and port.</summary>
    public string Host =>
        new Uri(server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Authority;

    /// <summary>Path and authorization of each request.</summary>
    public ConcurrentQueue<(string Path, string? Authorization)> Requests { get; } = new();

    /// <summary>Speaks HTTP/1.1.</summary>
    public static Task<AnsweringServer> StartAsync(int status, string body) => StartAsync(HttpProtocols.Http1, async context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(body);
    });

    /// <summary>Speaks HTTP/2, as a gRPC client expects; what it answers need not be gRPC.</summary>
    public static Task<AnsweringServer> StartHttp2Async(RequestDelegate answer) => StartAsync(HttpProtocols.Http2, answer);

    private static async Task<AnsweringServer> StartAsync(HttpProtocols protocols, RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = protocols));
        var answering = new AnsweringServer(builder.Build());
        answering.server.Run(async context =>
        {
            answering.Requests.Enqueue((context.Request.Path, context.Request.Headers.Authorization));
            await answer(context);
        });
        await answering.server.StartAsync();
        return answering;
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
