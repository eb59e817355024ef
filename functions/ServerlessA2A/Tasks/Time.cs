namespace ServerlessA2A.Tasks;

/// <summary>
/// The protocol's moments: UTC, whole milliseconds (A2A 1.0, section 5.6.1), so that what is stored is what is compared and told.
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
