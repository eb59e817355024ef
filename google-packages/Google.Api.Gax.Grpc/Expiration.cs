namespace Google.Api.Gax;

/// <summary>How long a call may take.</summary>
public sealed class Expiration
{
    private Expiration(TimeSpan? timeout) => Timeout = timeout;

    /// <summary>As long as it takes.</summary>
    public static Expiration None { get; } = new(null);

    /// <summary>From the start of the call; null for <see cref="None"/>.</summary>
    public TimeSpan? Timeout { get; }

    public static Expiration FromTimeout(TimeSpan timeout) => new(timeout);
}
