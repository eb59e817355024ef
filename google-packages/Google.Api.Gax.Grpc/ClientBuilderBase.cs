using Google.Api.Gax.Grpc.Transport;
using Google.Apis.Auth.OAuth2;
using Grpc.Core;

namespace Google.Api.Gax.Grpc;

/// <summary>What the builders of clients have in common. Connections are made when they are first needed.</summary>
public abstract class ClientBuilderBase<TClient>
{
    private const string Scope = "https://www.googleapis.com/auth/cloud-platform";

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

    /// <summary>What gives each call its token; null for Application Default Credentials, which are then looked for while the client is built.</summary>
    public ICredential? Credential { get; set; }

    protected EmulatorDetection EmulatorDetection { get; set; }

    public abstract TClient Build();

    public abstract Task<TClient> BuildAsync(CancellationToken cancellationToken = default);

    /// <summary>The same: nothing that a stand-in's client is made of comes from the services.</summary>
    public Task<TClient> BuildAsync(IServiceProvider provider, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(provider);
        return BuildAsync(cancellationToken);
    }

    internal ServiceConnection Connect() => ConnectAsync(CancellationToken.None).GetAwaiter().GetResult();

    /// <exception cref="InvalidOperationException">There are no Application Default Credentials, and none were given; or settings contradict each other.</exception>
    internal async Task<ServiceConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        if (emulatorVariable is not null && EmulatorEndpoint.Find(EmulatorDetection, emulatorVariable) is { } emulator)
            return Endpoint is null
                ? new(emulator, isEmulator: true, credential: null)
                : throw new InvalidOperationException("Endpoint should not be set when connecting to an emulator");
        var isSecure = ChannelCredentials?.IsSecure ?? true;
        var endpoint = Endpoint ?? defaultEndpoint;
        var address = new Uri(endpoint.Contains("://", StringComparison.Ordinal) ? endpoint : $"{(isSecure ? Uri.UriSchemeHttps : Uri.UriSchemeHttp)}://{endpoint}");
        // A token never travels in the clear.
        if (isSecure != (address.Scheme == Uri.UriSchemeHttps))
            throw new InvalidOperationException($"Channel is configured with {(isSecure ? "secure" : "insecure")} channel credentials and can't use a HttpClient with a '{address.Scheme}' scheme.");
        return new(address, isEmulator: false, ChannelCredentials is null ? Credential ?? await FindCredentialAsync(cancellationToken).ConfigureAwait(false) : null);
    }

    private static async Task<ICredential> FindCredentialAsync(CancellationToken cancellationToken) =>
        (await GoogleCredential.GetApplicationDefaultAsync(cancellationToken).ConfigureAwait(false)).CreateScoped(Scope);
}
