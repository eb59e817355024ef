using Microsoft.Extensions.Hosting;

namespace ServerlessA2A.Hosting;

/// <summary>Sweeps every minute while the host runs, in place of Cloud Scheduler.</summary>
internal sealed class SweepSchedule(TimeProvider time, Func<CancellationToken, Task> sweep) : BackgroundService
{
    /// <summary>The time between two sweeps.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>The sweep.</summary>
    public Func<CancellationToken, Task> Sweep { get; } = sweep;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await Sweep(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host is stopping.
        }
    }
}
