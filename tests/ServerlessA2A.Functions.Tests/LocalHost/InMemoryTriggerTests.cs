using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ServerlessA2A.Agents;
using ServerlessA2A.Functions.Local;
using ServerlessA2A.Functions.Tests.Support;
using ServerlessA2A.Hosting;
using ServerlessA2A.InMemory;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Functions.Tests.LocalHost;

/// <summary>What Pub/Sub, Eventarc and Cloud Scheduler do, within the local host.</summary>
public class InMemoryTriggerTests
{
    [Fact]
    public async Task EveryMinuteThereIsASweep()
    {
        var time = new ManualTimeProvider();
        using var sweeps = new SemaphoreSlim(0);
        using var schedule = new SweepSchedule(time, _ =>
        {
            sweeps.Release();
            return Task.CompletedTask;
        });
        await schedule.StartAsync(default);

        for (var minute = 1; minute <= 3; minute++)
        {
            await time.WaitForTimerAsync(TimeSpan.FromMinutes(1));
            time.Advance(TimeSpan.FromMinutes(1));
            // The timer counts two minutes as one tick if the schedule has not taken the first one before the second is over.
            await sweeps.WaitAsync().WithinLimit($"sweep {minute}");
        }

        await schedule.StopAsync(default);
        Assert.Equal(0, sweeps.CurrentCount);
    }

    [Fact]
    public async Task ASweepFindsATaskWhoseRequestWasLostAndItIsRun()
    {
        await using var host = Local.LocalHost.Build(
            A2AFunctions.CreateBuilder(["--urls", "http://127.0.0.1:0", "--A2A:Tasks:Store", "InMemory"]));
        await host.StartAsync();
        var store = host.Services.GetRequiredService<ITaskStore>();
        var id = await TestTasks.CreateAsync(store);

        await host.Services.GetServices<IHostedService>().OfType<SweepSchedule>().Single().Sweep(default);

        Assert.Equal(TaskState.Completed, await EndOfAsync(store, id).WithinLimit("the task ends"));
    }

    [Fact]
    public async Task WhatIsDeliveredInVainTooOftenBecomesADeadLetter()
    {
        var time = new ManualTimeProvider();
        var store = new FailingStore(new InMemoryTaskStore(TimeProvider.System, Options.Create(new InMemoryOptions())), failures: 5);
        var id = await TestTasks.CreateAsync(store);
        await using var services = Services(store);
        var queue = services.GetRequiredService<InMemoryTaskQueue>();
        var events = new EventDelivery(services.GetRequiredService<IServiceScopeFactory>(), time, NullLogger<EventDelivery>.Instance);
        using var trigger = new RunTaskTrigger(queue, events, time);
        await trigger.StartAsync(default);

        await queue.PublishRunAsync(new RunRequest(id), default);
        foreach (var seconds in (int[])[1, 2, 4, 8, 16])
        {
            await time.WaitForTimerAsync(TimeSpan.FromSeconds(seconds));
            time.Advance(TimeSpan.FromSeconds(seconds));
        }

        Assert.Equal(TaskState.Failed, await EndOfAsync(store, id).WithinLimit("the task ends"));
        await trigger.StopAsync(default);
        Assert.Equal(0, store.FailuresLeft);
    }

    private static ServiceProvider Services(ITaskStore store)
    {
        var configuration = new ConfigurationBuilder().Build();
        return new ServiceCollection().AddLogging().AddSingleton(store).AddAgent<OfflineAgent>()
            .AddServerlessA2A(configuration).AddInMemoryState(configuration)
            .AddScoped<RunTaskFunction>().AddScoped<DeadLetterFunction>()
            .BuildServiceProvider();
    }

    private static async Task<TaskState> EndOfAsync(ITaskStore store, string id)
    {
        await foreach (var entry in store.WatchAsync(id, 0, default))
        {
            if (entry.Events.OfType<StatusChanged>().FirstOrDefault(change => change.State.IsTerminal()) is { } end)
                return end.State;
        }

        throw new InvalidOperationException("The task is not there.");
    }

    /// <summary>Its first reads by a worker fail.</summary>
    private sealed class FailingStore(ITaskStore inner, int failures) : DelegatingTaskStore(inner)
    {
        public int FailuresLeft { get; private set; } = failures;

        public override ValueTask<TaskSnapshot?> ReadAsync(string? owner, string taskId, CancellationToken cancellationToken)
        {
            if (FailuresLeft == 0)
                return base.ReadAsync(owner, taskId, cancellationToken);
            FailuresLeft--;
            throw new TaskStoreException("Of the test.", isTransient: true);
        }
    }
}
