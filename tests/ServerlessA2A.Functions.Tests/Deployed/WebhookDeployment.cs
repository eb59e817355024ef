using System.Security.Cryptography;
using ServerlessA2A.Functions.Tests.Support;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Deployed;

/// <summary>The test agent as it is deployed with webhooks, which are on this machine, over https, with certificates that it trusts.</summary>
public sealed class WebhookDeployment : IAsyncLifetime, IDisposable
{
    /// <summary>Who signs deliveries.</summary>
    public const string Issuer = "https://agent.example/a2a";

    /// <summary>After how long a webhook that fails is given up.</summary>
    public static readonly TimeSpan RetryLimit = TimeSpan.FromSeconds(10);

    private readonly TestAuthority _authority = new();
    private Task<Deployment>? _started;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_started is { IsCompletedSuccessfully: true })
            await (await _started).DisposeAsync();
    }

    public void Dispose() => _authority.Dispose();

    /// <summary>Starts a receiver.</summary>
    /// <param name="port">Where one has been before; a free port unless given.</param>
    public Task<WebhookReceiver> StartReceiverAsync(int port = 0) => WebhookReceiver.StartAsync(_authority.Loopback, port);

    /// <summary>The settings that webhooks need.</summary>
    internal static (string Name, string Value)[] Settings()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return
        [
            ("A2A__Agent__PushNotifications", "true"),
            ("A2A__Agent__PublicUrl", Issuer),
            ("A2A__Security__EncryptionKeys__0", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))),
            ("A2A__Security__SigningKeys__0", key.ExportPkcs8PrivateKeyPem()),
            ("A2A__Webhooks__AllowLoopback", "true"),
        ];
    }

    internal Task<Deployment> StartedAsync() => _started ??= Deployment.StartAsync(
        notifies: 2,
        settings:
        [
            .. Settings(),
            _authority.Trust,
            ("A2A__Webhooks__RetryLimit", $"{RetryLimit}"),
            // What is told least to anybody: secrets are not in it either.
            ("Logging__LogLevel__Default", "Debug"),
            ("Logging__LogLevel__ServerlessA2A", "Trace"),
        ]);
}
