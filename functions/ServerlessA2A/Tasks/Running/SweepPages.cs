namespace ServerlessA2A.Tasks.Running;

/// <summary>
/// Goes through what is due page by page, many items at once, for a limited time: the next sweep continues, perhaps while this one is still
/// at work.
/// </summary>
internal static class SweepPages
{
    /// <summary>The number of items on a page.</summary>
    public const int Size = 1_000;

    /// <summary>
    /// The number of items of a page that are worked on at once: each waits for the store and the queue most of the time.
    /// </summary>
    public const int AtOnce = 50;

    /// <summary>
    /// The number of pages that are worked on at once where the first one was full. A store with shards gives out pages of different
    /// shards.
    /// </summary>
    public const int PagesAtOnce = 4;

    /// <summary>
    /// After which time no further page begins. Each sweep of SweepFunction has two of these, and the platform stops it after 540 s.
    /// </summary>
    public static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(4);

    /// <param name="list">Lists what is due now, at most so many.</param>
    /// <param name="sweep">Sweeps an item, and returns how much it has requested; null where it was not this sweep's to do.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>How much was requested.</returns>
    public static async Task<int> SweepAsync<T>(
        Func<int, ValueTask<IReadOnlyList<T>>> list, Func<T, Task<int?>> sweep, TimeProvider time, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        var (requested, isOver) = await PageAsync();
        if (!isOver)
            requested += (await Task.WhenAll(Enumerable.Range(0, PagesAtOnce).Select(_ => PagesAsync()))).Sum();
        return requested;

        async Task<int> PagesAsync()
        {
            var all = 0;
            for (var isOver = false; !isOver;)
            {
                (var requested, isOver) = await PageAsync();
                all += requested;
            }

            return all;
        }

        async Task<(int Requested, bool IsOver)> PageAsync()
        {
            var (requested, isIdle) = (0, true);
            var page = await list(Size);
            foreach (var items in page.Chunk(AtOnce))
            {
                cancellationToken.ThrowIfCancellationRequested();
                var swept = await Task.WhenAll(items.Select(sweep));
                requested += swept.Sum() ?? 0;
                isIdle &= Array.TrueForAll(swept, one => one is null);
            }

            // A page of which nothing was to be done, because it cannot be read or another sweep is at it, would come again.
            return (requested, page.Count < Size || isIdle || time.GetElapsedTime(begun) >= TimeLimit);
        }
    }
}
