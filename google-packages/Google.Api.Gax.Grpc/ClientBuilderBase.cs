using Google.Api.Gax.Grpc.Transport;
using Grpc.Core;

namespace Google.Api.Gax.Grpc;

/// <summary>What the builders of clients have in common. Connections are made when they are first needed.</summary>
public abstract class ClientBuilderBase<TClient>
{
    private readonly string defaultEndpoint;
    private readonly string? emulatorVariable;

    /// <param name="defaultEndpoint">The service's own.</param>
    /// <param name="emulatorVariable">Null where there is no emulator.</param>
    internal ClientBuilderBase(string defaultEndpoint, string? emulatorVariable) =>
        (this.defaultEndpoint, this.emulatorVariable) = (defaultEndpoint, emulatorVariable);

    /// <summary>Host, optionally with port and scheme; null for the service's own.</summary>
    public string? Endpoint { get; set; }

    /// <summary>Null for TLS and Application Default Credentials.</summary>
    public ChannelCredentials? ChannelCredentials { get; set; }

    protected EmulatorDetection EmulatorDetection { get; set; }

    public abstract TClient Build();

    public abstract Task<TClient> BuildAsync(CancellationToken cancellationToken = default);

    internal ServiceConnection Connect()
    {
        if (emulatorVariable is not null && EmulatorEndpoint.Find(EmulatorDetection, emulatorVariable) is { } emulator)
            return Endpoint is null
                ? new(emulator, isEmulator: true, hasToken: false)
                : throw new InvalidOperationException("Endpoint should not be set when connecting to an emulator");
        var isSecure = ChannelCredentials?.IsSecure ?? true;
        var endpoint = Endpoint ?? defaultEndpoint;
        var address = new Uri(endpoint.Contains("://", StringComparison.Ordinal) ? endpoint : $"{(isSecure ? Uri.UriSchemeHttps : Uri.UriSchemeHttp)}://{endpoint}");
        // A token never travels in the clear.
        if (isSecure != (address.Scheme == Uri.UriSchemeHttps))
            throw new InvalidOperationException($"Channel is configured with {(isSecure ? "secure" : "insecure")} channel credentials and can't use a HttpClient with a '{address.Scheme}' scheme.");
        return new(address, isEmulator: false, hasToken: ChannelCredentials is null);
    }
}
