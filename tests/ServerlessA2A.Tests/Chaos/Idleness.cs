using System.Diagnostics;

namespace ServerlessA2A.Tests.Chaos;

/// <summary>
/// Knows when all is done that the thread pool has to do. Where somebody else keeps it busy it can't: then a run may not be repeated in
/// each detail, though what is expected of it holds in any order.
/// </summary>
internal sealed class Idleness
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(20);

    /// <summary>How many threads are busy all the time, whatever with.</summary>
    public readonly int _busyAlways = LeastBusy();

    /// <summary>How often it was not known.</summary>
    public int Doubts { get; private set; }

    public void Wait()
    {
        var spin = default(SpinWait);
        for (var begin = Stopwatch.GetTimestamp(); !IsIdle() || !IsIdle(); spin.SpinOnce(sleep1Threshold: -1))
        {
            if (Stopwatch.GetElapsedTime(begin) < Patience)
                continue;
            Doubts++;
            return;
        }
    }

    /// <summary>Threads, then work, then threads: one that is about to begin counts as neither for a moment.</summary>
    private bool IsIdle() => Busy() <= _busyAlways && ThreadPool.PendingWorkItemCount == 0 && Busy() <= _busyAlways;

    private static int LeastBusy()
    {
        var least = Busy();
        for (var begin = Stopwatch.GetTimestamp(); least > 0 && Stopwatch.GetElapsedTime(begin) < Patience; Thread.Yield())
            least = Math.Min(least, Busy());
        return least;
    }

    private static int Busy()
    {
        ThreadPool.GetMaxThreads(out var most, out _);
        ThreadPool.GetAvailableThreads(out var free, out _);
        return most - free;
    }
}
