using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ServerlessA2A.Agents;
using ServerlessA2A.PostgreSql.Tests.Servers;

namespace ServerlessA2A.PostgreSql.Tests.Hosting;

/// <summary>An ASP.NET Core application as a user writes it, with one PostgreSQL and nothing else.</summary>
internal sealed class Application : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Application(WebApplication app) => (_app, Client) = (app, app.GetTestClient());

    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    public static async Task<Application> StartAsync(IAgent agent, TestDatabase database, params (string Name, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(
            settings.Select(setting => KeyValuePair.Create($"A2A:{setting.Name}", (string?)setting.Value)).Concat(
        [
            new("A2A:PostgreSql:ConnectionString", $"{database.Server.ConnectionString()};Command Timeout=60"),
            new("A2A:PostgreSql:Schema", database.Schema),
            new("A2A:Webhooks:AllowHttp", "true"), new("A2A:Webhooks:AllowLoopback", "true"),
        ]));
        builder.Services.AddServerlessA2A(builder.Configuration).AddPostgreSqlTasks(builder.Configuration).AddPostgreSqlQueue()
            .AddAgent(agent);
        var app = builder.Build();
        app.MapA2A();
        await app.Services.MigratePostgreSqlTasksAsync();
        await app.StartAsync();
        return new Application(app);
    }

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
