using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ServerlessA2A.GoogleCloud.Tests.Packages;

/// <summary>In the place of a service over HTTP/1.1: every request gets the same answer, or none at all.</summary>
internal sealed class AnsweringServer : IAsyncDisposable
{
    private readonly WebApplication server;

    private AnsweringServer(WebApplication server) => this.server = server;

    /// <summary>Host and port.</summary>
    public string Host => new Uri(server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Authority;

    /// <summary>Path and authorization of each request.</summary>
    public ConcurrentQueue<(string Path, string? Authorization)> Requests { get; } = new();

    public static async Task<AnsweringServer> StartAsync(int status, string body, bool hangs = false)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var answering = new AnsweringServer(builder.Build());
        answering.server.Run(async context =>
        {
            answering.Requests.Enqueue((context.Request.Path, context.Request.Headers.Authorization));
            if (hangs)
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(body);
        });
        await answering.server.StartAsync();
        return answering;
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
