using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ServerlessA2A.Client;

namespace Evaluation;

/// <summary>The agent at the address in EVALUATION_AGENT. Default: the sample's own, on a free port of this machine.</summary>
public sealed class AgentUnderTest : IAsyncDisposable
{
    private readonly WebApplication? _own;
    private readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };

    private AgentUnderTest(string address, WebApplication? own)
    {
        (_own, Client) = (own, new A2AClient(new Uri(address), http: _http));
        // For agents behind a gateway, whose card does not ask for it.
        if (Environment.GetEnvironmentVariable("EVALUATION_AGENT_TOKEN") is { } token)
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>Calls the agent.</summary>
    public A2AClient Client { get; }

    public static async Task<AgentUnderTest> StartAsync()
    {
        if (Environment.GetEnvironmentVariable("EVALUATION_AGENT") is { } address)
            return new(address, own: null);
        var own = await StartOwnAsync();
        return new(own.Urls.Single(), own);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _http.Dispose();
        if (_own is not null)
            await _own.DisposeAsync();
    }

    private static async Task<WebApplication> StartOwnAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddServerlessA2A(builder.Configuration).AddInMemoryTasks(builder.Configuration).AddAgent<ShopClerk>();
        var own = builder.Build();
        own.MapA2A();
        await own.StartAsync();
        return own;
    }
}
