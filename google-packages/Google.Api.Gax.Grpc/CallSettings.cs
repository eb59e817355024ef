#nullable disable annotations
using Grpc.Core;

namespace Google.Api.Gax.Grpc;

/// <summary>Settings of a call. Null properties fall back to the client's settings.</summary>
public sealed class CallSettings
{
    private CallSettings(CancellationToken? cancellationToken, Expiration expiration) =>
        (CancellationToken, Expiration) = (cancellationToken, expiration);

    public CancellationToken? CancellationToken { get; }

    public Expiration Expiration { get; }

    public static CallSettings FromCancellationToken(CancellationToken cancellationToken) => new(cancellationToken, null);

    public static CallSettings FromExpiration(Expiration expiration) => new(null, expiration);

    /// <summary>Merges settings; later ones take precedence.</summary>
    internal static CallOptions ToCallOptions(Metadata headers, params ReadOnlySpan<CallSettings> all)
    {
        CancellationToken? cancellationToken = null;
        Expiration expiration = null;
        foreach (var settings in all)
            (cancellationToken, expiration) = (settings?.CancellationToken ?? cancellationToken, settings?.Expiration ?? expiration);
        return new(headers, expiration?.CalculateDeadline(SystemClock.Instance), cancellationToken ?? default);
    }
}
