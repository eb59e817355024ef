using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ServerlessA2A.Functions;
using ServerlessA2A.Functions.Local;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.Inspector.Tests.Support;

/// <summary>A local host in this process.</summary>
internal sealed class Site : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Site(WebApplication app, StageAgent agent) => (_app, Agent) = (app, agent);

    /// <summary>The agent that it serves.</summary>
    public StageAgent Agent { get; }

    /// <summary>The address of the local host.</summary>
    public Uri Address => new(_app.Urls.First());

    /// <summary>Waits until a task is COMPLETED.</summary>
    public async Task WaitForCompletionAsync(string taskId)
    {
        await foreach (var entry in _app.Services.GetRequiredService<ITaskStore>().WatchAsync(taskId, after: 0, CancellationToken.None))
        {
            if (entry.Events.Any(each => each is StatusChanged { State: TaskState.Completed }))
                return;
        }
    }

    /// <summary>Starts a local host.</summary>
    /// <param name="settings">Arguments: <c>--inspect URL</c>, or settings.</param>
    public static async Task<Site> StartAsync(params string[] settings)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var agent = new StageAgent();
        var builder = A2AFunctions.CreateBuilder(
            [
                "--urls", "http://127.0.0.1:0",
                "--A2A:Tasks:Store=InMemory",
                "--A2A:InMemory:MaxTasks=5000",
                "--A2A:Agent:Name=Stage agent",
                "--A2A:Agent:Description=Does what it is told, for tests and screenshots.",
                "--A2A:Agent:Version=1.2.3",
                "--A2A:Agent:PushNotifications=true",
                "--A2A:Agent:Skills:0:Id=count", "--A2A:Agent:Skills:0:Name=Count",
                "--A2A:Agent:Skills:0:Description=Counts to a number, slowly.", "--A2A:Agent:Skills:0:Tags:0=numbers",
                "--A2A:Security:SigningKeys:0=" + key.ExportPkcs8PrivateKeyPem(),
                .. settings,
            ]);
        builder.AddAgent(agent);
        builder.Logging.ClearProviders();
        var app = LocalHost.Build(builder);
        await app.StartAsync();
        return new Site(app, agent);
    }

    /// <summary>Stops the local host: its address is free again.</summary>
    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _app.DisposeAsync();
    }
}
