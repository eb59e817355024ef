using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ServerlessA2A.Agents;
using ServerlessA2A.Tests.Bindings.Harness;

namespace ServerlessA2A.Tests.Hosting;

/// <summary>An ASP.NET Core application as a user writes it, in memory.</summary>
internal sealed class WebHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WebHost(WebApplication app) => (_app, Client) = (app, app.GetTestClient());

    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>Starts it.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="map">Maps the endpoints.</param>
    /// <param name="services">Adds services, before the engine's.</param>
    /// <param name="environment">The environment.</param>
    /// <param name="settings">Settings of the section A2A.</param>
    public static async Task<WebHost> StartAsync(
        IAgent agent, Action<WebApplication> map, Action<IServiceCollection>? services = null, string environment = "Production",
        params (string Name, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(
            settings.Select(setting => KeyValuePair.Create($"A2A:{setting.Name}", (string?)setting.Value)));
        services?.Invoke(builder.Services);
        builder.Services.AddServerlessA2A(builder.Configuration).AddInMemoryTasks(builder.Configuration).AddAgent(agent);
        builder.Services.SetConstants(builder.Configuration);
        var app = builder.Build();
        map(app);
        await app.StartAsync();
        return new WebHost(app);
    }

    /// <summary>A channel to its gRPC services.</summary>
    public GrpcChannel NewChannel()
    {
        var server = _app.GetTestServer();
        return GrpcChannel.ForAddress(server.BaseAddress, new() { HttpHandler = server.CreateHandler() });
    }

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
