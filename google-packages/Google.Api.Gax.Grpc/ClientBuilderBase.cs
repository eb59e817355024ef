using Google.Apis.Auth.OAuth2;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Configuration;

namespace Google.Api.Gax.Grpc;

/// <summary>What the builders of clients have in common. A client connects with its first call.</summary>
public abstract class ClientBuilderBase<TClient>
{
    private const string Scope = "https://www.googleapis.com/auth/cloud-platform";

    private readonly string defaultEndpoint;
    private readonly string? emulatorVariable;
    private readonly MethodConfig[] retries;

    /// <param name="defaultEndpoint">The service's host.</param>
    /// <param name="emulatorVariable">The environment variable that names the emulator's host; null where there is no emulator.</param>
    /// <param name="retries">The calls that are retried.</param>
    internal ClientBuilderBase(string defaultEndpoint, string? emulatorVariable, params MethodConfig[] retries) =>
        (this.defaultEndpoint, this.emulatorVariable, this.retries) = (defaultEndpoint, emulatorVariable, retries);

    /// <summary>Host, optionally with port and scheme. Default: the service's own.</summary>
    public string? Endpoint { get; set; }

    /// <summary>Default: TLS and <see cref="Credential"/>.</summary>
    public ChannelCredentials? ChannelCredentials { get; set; }

    /// <summary>The source of each call's token. Default: Application Default Credentials, which are looked up while the client is built.</summary>
    public ICredential? Credential { get; set; }

    protected EmulatorDetection EmulatorDetection { get; set; }

    /// <summary>The emulator's address; null where the client uses the service.</summary>
    internal Uri? Emulator => emulatorVariable is null ? null : EmulatorHost.Find(EmulatorDetection, emulatorVariable);

    public abstract TClient Build();

    public abstract Task<TClient> BuildAsync(CancellationToken cancellationToken = default);

    /// <summary>The stand-ins use no services: the same as <see cref="BuildAsync(CancellationToken)"/>.</summary>
    public Task<TClient> BuildAsync(IServiceProvider provider, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(provider);
        return BuildAsync(cancellationToken);
    }

    protected virtual CallInvoker CreateCallInvoker() => CreateCallInvokerAsync(CancellationToken.None).GetAwaiter().GetResult();

    /// <exception cref="InvalidOperationException">No credentials were given and there are no Application Default Credentials, or settings contradict each other.</exception>
    protected virtual async Task<CallInvoker> CreateCallInvokerAsync(CancellationToken cancellationToken)
    {
        if (Emulator is { } emulator)
            return Endpoint is null
                ? Open(emulator, ChannelCredentials.Insecure)
                : throw new InvalidOperationException("Endpoint should not be set when connecting to an emulator");
        var credentials = ChannelCredentials ?? ChannelCredentials.Create(
            ChannelCredentials.SecureSsl, (Credential ?? await FindCredentialAsync(cancellationToken).ConfigureAwait(false)).ToCallCredentials());
        var endpoint = Endpoint ?? defaultEndpoint;
        if (!endpoint.Contains("://", StringComparison.Ordinal))
            endpoint = $"{(credentials == ChannelCredentials.Insecure ? Uri.UriSchemeHttp : Uri.UriSchemeHttps)}://{endpoint}";
        return Open(new Uri(endpoint), credentials);
    }

    private CallInvoker Open(Uri address, ChannelCredentials credentials)
    {
        var options = new global::Grpc.Net.Client.GrpcChannelOptions
        {
            Credentials = credentials,
            HttpHandler = address.Scheme == Uri.UriSchemeHttps ? Connections.WithTls : Connections.InTheClear,
            MaxReceiveMessageSize = null,
            // A call is retried however long its request is.
            MaxRetryBufferSize = null,
            MaxRetryBufferPerCallSize = null,
        };
        if (retries.Length > 0)
        {
            options.ServiceConfig = new();
            foreach (var retry in retries)
                options.ServiceConfig.MethodConfigs.Add(retry);
        }
        return GrpcChannel.ForAddress(address, options).CreateCallInvoker();
    }

    private static async Task<ICredential> FindCredentialAsync(CancellationToken cancellationToken) =>
        (await GoogleCredential.GetApplicationDefaultAsync(cancellationToken).ConfigureAwait(false)).CreateScoped(Scope);
}
