using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Server;

namespace ServerlessA2A.Chat.Tests.Mcp;

/// <summary>A real MCP server on a port of this machine, with the tools of the test.</summary>
internal sealed class HttpMcpServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private HttpMcpServer(WebApplication app) => _app = app;

    /// <summary>The address of its endpoint.</summary>
    public string Url { get; private set; } = "";

    /// <summary>The port, on which it can be started again.</summary>
    public int Port => new Uri(Url).Port;

    /// <summary>The requests so far: the method of HTTP, and the headers.</summary>
    public ConcurrentQueue<(string Method, IReadOnlyDictionary<string, string> Headers)> Requests { get; } = new();

    /// <summary>Holds back all requests until it ends.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>Starts a server with methods as tools.</summary>
    public static Task<HttpMcpServer> StartAsync(params IEnumerable<(string Name, Delegate Method)> tools) =>
        StartAsync(port: 0, isStateless: true, tools);

    /// <inheritdoc cref="StartAsync(IEnumerable{ValueTuple{string, Delegate}})"/>
    /// <param name="port">The port; 0 for any.</param>
    /// <param name="isStateless">Whether it has no sessions, as since the protocol 2026-07-28.</param>
    /// <param name="tools">The tools.</param>
    public static async Task<HttpMcpServer> StartAsync(
        int port, bool isStateless, params IEnumerable<(string Name, Delegate Method)> tools)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.Services.AddMcpServer().WithHttpTransport(options => options.Stateless = isStateless)
            .WithTools(tools.Select(tool => McpServerTool.Create(tool.Method, new() { Name = tool.Name })));
        var server = new HttpMcpServer(builder.Build());
        server._app.Use(async (context, next) =>
        {
            server.Requests.Enqueue((context.Request.Method, context.Request.Headers.ToDictionary(
                header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase)));
            await server.Gate.WaitAsync(context.RequestAborted);
            await next();
        });
        server._app.MapMcp("/mcp");
        await server._app.StartAsync();
        server.Url = $"{server._app.Urls.Single()}/mcp";
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
