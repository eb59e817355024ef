#nullable disable annotations
namespace Google.Api.Gax.Grpc;

/// <summary>How a call is made. What is null is as the client's settings have it.</summary>
public sealed class CallSettings
{
    private CallSettings(CancellationToken? cancellationToken, Expiration expiration) =>
        (CancellationToken, Expiration) = (cancellationToken, expiration);

    public CancellationToken? CancellationToken { get; }

    public Expiration Expiration { get; }

    public static CallSettings FromCancellationToken(CancellationToken cancellationToken) => new(cancellationToken, null);

    public static CallSettings FromExpiration(Expiration expiration) => new(null, expiration);

    /// <summary>Both, where what is later in the list goes before what is earlier in it.</summary>
    internal static CallSettings Merge(params ReadOnlySpan<CallSettings> all)
    {
        CancellationToken? cancellationToken = null;
        Expiration expiration = null;
        foreach (var settings in all)
            (cancellationToken, expiration) = (settings?.CancellationToken ?? cancellationToken, settings?.Expiration ?? expiration);
        return new(cancellationToken, expiration);
    }
}
