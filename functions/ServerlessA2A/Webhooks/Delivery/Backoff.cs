namespace ServerlessA2A.Webhooks.Delivery;

/// <summary>When a webhook that has failed is called again.</summary>
internal static class Backoff
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>Later and later, never all at once, and not before the receiver wants it.</summary>
    /// <param name="failures">How many calls have failed in a row: 1 or more.</param>
    /// <param name="asked">What the receiver asks for; null for nothing.</param>
    /// <param name="random">0 to below 1.</param>
    public static TimeSpan After(int failures, TimeSpan? asked, Func<double> random)
    {
        var delay = failures > 20 ? Longest : First * Math.Pow(2, failures - 1);
        if (delay > Longest)
            delay = Longest;
        delay *= 0.5 + (random() / 2);
        return asked > delay ? asked.Value + (First * random()) : delay;
    }
}
