using System.Diagnostics;

namespace ServerlessA2A.Tests.Chaos;

/// <summary>
/// Knows when all is done that the thread pool has to do. Where somebody else keeps it busy it can't: then a run may not be repeated in
/// each detail, though what is expected of it holds in any order.
/// </summary>
internal sealed class Idleness
{
    /// <summary>Longer than the compiler takes for most that runs for the first time.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    /// <summary>How many threads are busy all the time, whatever with.</summary>
    private int _busyAlways = LeastBusy();

    /// <summary>How often it was not known.</summary>
    public int Doubts { get; private set; }

    public void Wait()
    {
        var spin = default(SpinWait);
        for (var begin = Stopwatch.GetTimestamp(); !IsIdle(); spin.SpinOnce(sleep1Threshold: -1))
        {
            if (Stopwatch.GetElapsedTime(begin) < Patience)
                continue;
            Doubts++;
            _busyAlways = LeastBusy();
            return;
        }
    }

    private bool IsIdle()
    {
        var done = ThreadPool.CompletedWorkItemCount;
        return Busy() <= _busyAlways && ThreadPool.PendingWorkItemCount == 0 && Busy() <= _busyAlways &&
            ThreadPool.CompletedWorkItemCount == done;
    }

    private static int LeastBusy() => Enumerable.Range(0, 20).Min(_ =>
    {
        Thread.Sleep(1);
        return Busy();
    });

    private static int Busy()
    {
        ThreadPool.GetMaxThreads(out var most, out _);
        ThreadPool.GetAvailableThreads(out var free, out _);
        return most - free;
    }
}
