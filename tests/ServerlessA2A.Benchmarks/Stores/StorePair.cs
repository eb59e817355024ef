using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ServerlessA2A.Benchmarks.Emulators;
using ServerlessA2A.Functions.Local.PostgreSql;
using ServerlessA2A.Tasks.Operations;

namespace ServerlessA2A.Benchmarks.Stores;

/// <summary>Two instances of the engine on one store: one takes messages, the other runs tasks. In memory they are one.</summary>
internal sealed class StorePair : IAsyncDisposable
{
    private readonly ServiceProvider _messages;
    private readonly ServiceProvider _runs;
    private readonly PostgreSqlProcess? _server;

    private StorePair(ServiceProvider messages, ServiceProvider runs, PostgreSqlProcess? server) =>
        (_messages, _runs, _server) = (messages, runs, server);

    public TaskLifecycle Lifecycle => _messages.GetRequiredService<TaskLifecycle>();

    public static async Task<StorePair> InMemoryAsync((string Name, string Value) setting)
    {
        var both = Instance(static (services, configuration) => services.AddInMemoryTasks(configuration), [setting]);
        return await StartAsync(new StorePair(both, both, server: null));
    }

    /// <summary>On a server that writes to the disk as one in production does.</summary>
    public static async Task<StorePair> PostgreSqlAsync((string Name, string Value) setting)
    {
        var bin = PostgreSqlProcess.Find(out var missing) ?? throw new InvalidOperationException(missing);
        var server = await PostgreSqlProcess.StartAsync(bin, "-c", "max_connections=200");
        (string, string)[] settings = [setting, ("A2A:PostgreSql:ConnectionString", server.ConnectionString())];
        var pair = new StorePair(Instance(Add, settings), Instance(Add, settings), server);
        await pair._runs.MigratePostgreSqlTasksAsync();
        return await StartAsync(pair);

        static void Add(IServiceCollection services, IConfiguration configuration) =>
            services.AddPostgreSqlTasks(configuration).AddPostgreSqlQueue();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in _runs.GetServices<IHostedService>())
            await service.StopAsync(default);
        await _messages.DisposeAsync();
        await _runs.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
    }

    private static async Task<StorePair> StartAsync(StorePair pair)
    {
        foreach (var service in pair._runs.GetServices<IHostedService>())
            await service.StartAsync(default);
        return pair;
    }

    private static ServiceProvider Instance(Action<IServiceCollection, IConfiguration> addTasks, (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value))).Build();
        var services = new ServiceCollection().AddLogging().AddAgent<StampingAgent>().AddServerlessA2A(configuration);
        addTasks(services, configuration);
        return services.BuildServiceProvider();
    }
}
