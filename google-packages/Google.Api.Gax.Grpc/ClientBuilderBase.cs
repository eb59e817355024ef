using Google.Api.Gax.Grpc.Transport;

namespace Google.Api.Gax.Grpc;

/// <summary>What the builders of clients have in common. Connections are made when they are first needed.</summary>
public abstract class ClientBuilderBase<TClient>
{
    private readonly string defaultEndpoint;
    private readonly string emulatorVariable;

    internal ClientBuilderBase(string defaultEndpoint, string emulatorVariable) =>
        (this.defaultEndpoint, this.emulatorVariable) = (defaultEndpoint, emulatorVariable);

    /// <summary>Host, optionally with port and scheme; null for the service's own.</summary>
    public string? Endpoint { get; set; }

    protected EmulatorDetection EmulatorDetection { get; set; }

    public abstract TClient Build();

    public abstract Task<TClient> BuildAsync(CancellationToken cancellationToken = default);

    internal ServiceConnection Connect()
    {
        if (EmulatorEndpoint.Find(EmulatorDetection, emulatorVariable) is { } emulator)
            return Endpoint is null
                ? new(emulator, isEmulator: true)
                : throw new InvalidOperationException("Endpoint should not be set when connecting to an emulator");
        var endpoint = Endpoint ?? defaultEndpoint;
        return new(new Uri(endpoint.Contains("://", StringComparison.Ordinal) ? endpoint : $"https://{endpoint}"), isEmulator: false);
    }
}
