using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ServerlessA2A.Functions.Tests.Support;
using ServerlessA2A.GoogleCloud.Tests.Emulators;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Deployed;

/// <summary>
/// The test agent as it is deployed with webhooks, which are on this machine, over https, with certificates that it trusts.
/// </summary>
public class WebhookDeployment : IAsyncLifetime, IDisposable
{
    /// <summary>Who signs deliveries.</summary>
    public const string Issuer = "https://agent.example/a2a";

    private readonly TestAuthority _authority = new();
    private Task<Deployment>? _started;

    public Task InitializeAsync() => Task.CompletedTask;

    public virtual async Task DisposeAsync()
    {
        if (_started is { IsCompletedSuccessfully: true })
            await (await _started).DisposeAsync();
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Starts a receiver.</summary>
    /// <param name="port">Where one has been before; unless given, a free port that stays free while there is none.</param>
    public Task<WebhookReceiver> StartReceiverAsync(int? port = null) =>
        WebhookReceiver.StartAsync(_authority.Loopback, port ?? FreePort.Find());

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

    internal Task<Deployment> StartedAsync() => _started ??= StartAsync();

    /// <summary>Reads everything that is stored: a text for each document or row, with bytes as the text that they hold.</summary>
    internal virtual async Task<List<string>> StoredAsync()
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new("Bearer", "owner");
        using var query = Requests.Json("""{"structuredQuery":{"from":[{"allDescendants":true}]}}""");
        var project = (await StartedAsync()).Project;
        var address = $"http://{await SharedEmulator.Firestore.HostAsync()}/v1/projects/{project}/databases/(default)/documents:runQuery";
        using var response = await http.PostAsync(new Uri(address), query);
        using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        var results = answer.RootElement.EnumerateArray();
        return [.. results.Where(each => each.TryGetProperty("document", out _)).Select(each => Text(each.GetProperty("document")))];

        static string Text(JsonElement element) => element.ValueKind switch
        {
            JsonValueKind.Object => string.Join(' ', element.EnumerateObject().Select(member => member.Name == "bytesValue"
                ? Encoding.UTF8.GetString(member.Value.GetBytesFromBase64())
                : $"{member.Name}={Text(member.Value)}")),
            JsonValueKind.Array => string.Join(' ', element.EnumerateArray().Select(Text)),
            _ => element.ToString(),
        };
    }

    private protected virtual Task<Deployment> StartAsync() => StartAsync(store: null);

    private protected Task<Deployment> StartAsync(Func<(string Name, string Value)[]>? store) => Deployment.StartAsync(
        notifies: 2,
        store: store,
        settings:
        [
            .. Settings(),
            _authority.Trust,
            // Secrets must not appear at the lowest level either.
            ("Logging__LogLevel__Default", "Debug"),
            ("Logging__LogLevel__ServerlessA2A", "Trace"),
        ]);

    protected virtual void Dispose(bool disposing) => _authority.Dispose();
}
