using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ServerlessA2A.Functions.Tests.Security;

/// <summary>Serves the key sets of providers over a real connection, each at its algorithm's name.</summary>
internal sealed class KeySetServer : IAsyncDisposable
{
    private readonly WebApplication _server;

    private KeySetServer(WebApplication server) => _server = server;

    public static async Task<KeySetServer> StartAsync(Dictionary<string, JoseProvider> providers)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        server.Run(context => context.Response.WriteAsync(providers[context.Request.Path.Value![1..]].KeySet.GetRawText()));
        await server.StartAsync();
        return new KeySetServer(server);
    }

    public string AddressOf(string algorithm) => $"{_server.Urls.Single()}/{algorithm}";

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
