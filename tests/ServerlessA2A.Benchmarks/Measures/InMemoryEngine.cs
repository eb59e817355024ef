using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Bindings;
using ServerlessA2A.InMemory;
using ServerlessA2A.Tasks.Running;

namespace ServerlessA2A.Benchmarks.Measures;

/// <summary>
/// The engine in this process, without a server: requests go in where a function hands them in, and what is published is run at once.
/// </summary>
internal sealed class InMemoryEngine : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ServiceProvider _services;
    private readonly Task _runs;
    private int _ended;

    /// <param name="addAgent">Adds the agent.</param>
    /// <param name="settings">Settings that are not as they are by themselves.</param>
    public InMemoryEngine(Action<IServiceCollection, IConfiguration> addAgent, params (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value))).Build();
        var services = new ServiceCollection().AddLogging();
        addAgent(services, configuration);
        _services = services.AddServerlessA2A(configuration).AddInMemoryState(configuration).BuildServiceProvider();
        _runs = RunTasksAsync();
    }

    public A2AEndpoint Endpoint => _services.GetRequiredService<A2AEndpoint>();

    /// <summary>How many runs have ended.</summary>
    public int EndedRuns => Volatile.Read(ref _ended);

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>A request in JSON-RPC.</summary>
    /// <param name="body">The request's.</param>
    /// <param name="answer">Takes the answer's body.</param>
    public static DefaultHttpContext Post(string body, Stream answer)
    {
        var context = new DefaultHttpContext();
        context.Request.Method = "POST";
        context.Request.Path = "/";
        context.Request.ContentType = "application/json";
        context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
        context.Response.Body = answer;
        return context;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _runs;
        await _services.DisposeAsync();
        _stop.Dispose();
    }

    private async Task RunTasksAsync()
    {
        var (queue, runner) = (_services.GetRequiredService<InMemoryTaskQueue>(), _services.GetRequiredService<TaskRunner>());
        try
        {
            await foreach (var request in queue.TakeAllAsync(_stop.Token))
            {
                await runner.RunAsync(request, _stop.Token);
                Interlocked.Increment(ref _ended);
            }
        }
        catch (OperationCanceledException)
        {
            // All is measured.
        }
    }
}
