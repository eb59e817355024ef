using System.Globalization;

namespace ServerlessA2A.Functions.Local;

/// <summary>Shows that long work is in progress: with the elapsed time on a terminal, as one line when it is done elsewhere.</summary>
internal sealed class Progress(TextWriter output, bool isTerminal, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Runs work and shows it.</summary>
    /// <param name="name">What is done: "Starting PostgreSQL".</param>
    /// <param name="work">Does it.</param>
    public async Task<T> ShowAsync<T>(string name, Func<Task<T>> work)
    {
        var began = time.GetTimestamp();
        var task = work();
        if (isTerminal)
        {
            using var timer = new PeriodicTimer(Interval, time);
            var tick = timer.WaitForNextTickAsync().AsTask();
            await output.WriteAsync($"{name} …");
            while (await Task.WhenAny(task, tick) == tick)
            {
                await output.WriteAsync($"\r{name} … {Elapsed(began)}");
                tick = timer.WaitForNextTickAsync().AsTask();
            }

            // The line ends before the failure is printed.
            await output.WriteLineAsync(task.IsCompletedSuccessfully ? $"\r{name} … {Elapsed(began)}, done" : "");
            return await task;
        }

        var result = await task;
        await output.WriteLineAsync($"{name}: {Elapsed(began)}");
        return result;
    }

    private string Elapsed(long began) => string.Create(CultureInfo.InvariantCulture, $"{time.GetElapsedTime(began).TotalSeconds:0.0} s");
}
