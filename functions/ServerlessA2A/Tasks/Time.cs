namespace ServerlessA2A.Tasks;

/// <summary>
/// Timestamps of the protocol: UTC, whole milliseconds (A2A 1.0, section 5.6.1), so that stored, compared and sent values are equal.
/// </summary>
internal static class Time
{
    /// <summary>Now, cut to whole milliseconds.</summary>
    public static DateTimeOffset GetUtcMilliseconds(this TimeProvider time)
    {
        var now = time.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMillisecond));
    }
}
