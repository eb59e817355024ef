namespace Google.Cloud.Firestore;

/// <summary>How long to wait before a stream is opened: not at all, then up to a second, two, four, and half a minute at most.</summary>
internal sealed class WatchBackoff
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private TimeSpan next = TimeSpan.Zero;

    public Task WaitAsync(CancellationToken cancellationToken)
    {
        var wait = next * Random.Shared.NextDouble();
        Extend();
        return Task.Delay(wait, cancellationToken);
    }

    public void Extend() => next = next == TimeSpan.Zero ? TimeSpan.FromSeconds(1) : next * 2 < Longest ? next * 2 : Longest;
}
