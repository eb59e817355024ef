using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Evaluation;

/// <summary>The agent at the address in EVALUATION_AGENT. Default: the sample's own, on a free port of this machine.</summary>
public sealed class AgentUnderTest : IAsyncDisposable
{
    private WebApplication? _own;

    private AgentUnderTest(HttpClient http) => Http = http;

    /// <summary>Sends to the agent.</summary>
    public HttpClient Http { get; }

    public static async Task<AgentUnderTest> StartAsync()
    {
        var agent = new AgentUnderTest(new HttpClient { DefaultRequestHeaders = { { "A2A-Version", "1.0" } } });
        var address = Environment.GetEnvironmentVariable("EVALUATION_AGENT") ?? await agent.StartOwnAsync();
        agent.Http.BaseAddress = new Uri(address.TrimEnd('/') + "/");
        if (Environment.GetEnvironmentVariable("EVALUATION_AGENT_TOKEN") is { } token)
            agent.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return agent;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (_own is not null)
            await _own.DisposeAsync();
    }

    private async Task<string> StartOwnAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddServerlessA2A(builder.Configuration).AddInMemoryTasks(builder.Configuration).AddAgent<ShopClerk>();
        _own = builder.Build();
        _own.MapA2A();
        await _own.StartAsync();
        return _own.Urls.Single();
    }
}
