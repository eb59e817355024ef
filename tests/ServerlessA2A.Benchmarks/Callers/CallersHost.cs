using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Agents;
using ServerlessA2A.Benchmarks.Emulators;
using ServerlessA2A.Bindings;
using ServerlessA2A.InMemory;
using ServerlessA2A.Tasks.Running;

namespace ServerlessA2A.Benchmarks.Callers;

/// <summary>
/// The endpoint on Kestrel in this process, for alice and bob, who have a key each: with the in-memory store and queue, or on the
/// emulators.
/// </summary>
internal sealed class CallersHost : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly WebApplication _app;
    private readonly Task _runs;

    private CallersHost(WebApplication app, InMemoryTaskQueue? queue)
    {
        _app = app;
        _runs = queue is null ? Task.CompletedTask : RunTasksAsync(queue);
        Address = IPEndPoint.Parse(new Uri(app.Urls.Single()).Authority);
    }

    public IPEndPoint Address { get; }

    /// <summary>With tasks in memory, which are run here.</summary>
    public static async Task<CallersHost> StartAsync(params (string Name, string Value)[] settings)
    {
        var app = await StartAsync((services, configuration) => services.AddInMemoryState(configuration), settings);
        return new CallersHost(app, app.Services.GetRequiredService<InMemoryTaskQueue>());
    }

    /// <summary>With tasks on the emulators that are running, where somebody else runs them.</summary>
    public static async Task<CallersHost> StartOnEmulatorsAsync(params (string Name, string Value)[] settings) => new(
        await StartAsync((services, configuration) => services.AddGoogleCloudTasks(configuration),
        [("A2A:GoogleCloud:ProjectId", EmulatorPair.Project), .. settings]), queue: null);

    private static async Task<WebApplication> StartAsync(
        Action<IServiceCollection, IConfiguration> addTasks, (string Name, string Value)[] settings)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(
        [
            new("A2A:Agent:PushNotifications", "true"), new("A2A:Security:Identity:0", "api-key"),
            new("A2A:Security:ApiKeys:Hashes:0", $"alice={HashOf("alice")}"), new("A2A:Security:ApiKeys:Hashes:1", $"bob={HashOf("bob")}"),
            .. settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)),
        ]);
        builder.Services.AddServerlessA2A(builder.Configuration).AddAgent<OfflineAgent>();
        addTasks(builder.Services, builder.Configuration);
        var app = builder.Build();
        app.Run(app.Services.GetRequiredService<A2AEndpoint>().HandleAsync);
        await app.StartAsync();
        return app;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _runs;
        await _app.DisposeAsync();
        _stop.Dispose();
    }

    private static string HashOf(string caller) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(caller)));

    private async Task RunTasksAsync(InMemoryTaskQueue queue)
    {
        var runner = _app.Services.GetRequiredService<TaskRunner>();
        try
        {
            await foreach (var request in queue.TakeAllAsync(_stop.Token))
                await runner.RunAsync(request, _stop.Token);
        }
        catch (OperationCanceledException)
        {
            // All is measured.
        }
    }
}
