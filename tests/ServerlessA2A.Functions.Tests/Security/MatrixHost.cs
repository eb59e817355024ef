using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Functions.Tests.Interop;
using ServerlessA2A.InMemory;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Bindings.Harness.Protocols;

namespace ServerlessA2A.Functions.Tests.Security;

/// <summary>An agent that takes the tokens of two providers, which are not ours; nothing where there is no Node.js to make them.</summary>
public sealed class MatrixHost : IAsyncLifetime
{
    private const string OtherTenant = "other";

    private AgentHost? _host;
    private KeySetServer? _keys;
    private Dictionary<string, JoseProvider> _providers = [];

    /// <summary>The wires by their names.</summary>
    public static IReadOnlyDictionary<string, Func<HttpClient, Wire>> Wires { get; } = new Dictionary<string, Func<HttpClient, Wire>>
    {
        ["1.0 JSON-RPC"] = client => new JsonRpcWire(client),
        ["1.0 HTTP+JSON"] = client => new HttpJsonWire(client),
        ["0.3 JSON-RPC"] = client => new JsonRpcV03Wire(client),
        ["0.3 HTTP+JSON"] = client => new HttpJsonV03Wire(client),
        ["1.0 gRPC"] = client => new GrpcWire(new HttpJsonWire(client)),
        ["0.3 gRPC"] = client => new GrpcWire(new HttpJsonV03Wire(client)),
    };

    /// <summary>Why there is no agent; null where there is one.</summary>
    public string? Missing { get; private set; }

    /// <summary>How often requests have asked the store for a task, or made one.</summary>
    internal int Asked => ((WatchedStore)_host!.Store).Asked;

    public async Task InitializeAsync()
    {
        Missing = await NodeScripts.MissingAsync();
        if (Missing is not null)
            return;
        _providers = await JoseProvider.MakeAsync();
        _keys = await KeySetServer.StartAsync(_providers);
        _host = await AgentHost.StartAsync(
            services => services.AddSingleton<ITaskStore>(provider => new WatchedStore(provider.GetRequiredService<InMemoryTaskStore>())),
            cardOnly: false,
            inProcess: true,
            [
                ("Security:Identity:0", "oidc"),
                .. _providers.SelectMany((provider, i) => SettingsOf(provider.Key, provider.Value.Issuer, i)),
                ("Agent:ExtendedCard", "true"),
                ("Agent:Extended:Description", MatrixOperations.Description),
                ("Limits:RequestsPerSecond", "0"),
            ]);
    }

    public async Task DisposeAsync()
    {
        if (_host is not null)
            await _host.DisposeAsync();
        if (_keys is not null)
            await _keys.DisposeAsync();
    }

    internal Wire WireOf(string name) => Wires[name](_host!.Client);

    /// <summary>Sends a request with a credential. A stream that is not read to its end goes on until the answer is disposed of.</summary>
    internal async Task<HttpResponseMessage> SendAsync(Wire wire, HttpRequestMessage request, string algorithm, MatrixCredential credential)
    {
        if (credential == MatrixCredential.OtherTenant)
            await wire.MoveAsync(request, OtherTenant);
        var token = credential == MatrixCredential.OtherTenant ? MatrixCredential.RightCaller : credential;
        if (token != MatrixCredential.None)
            request.With("Authorization", $"Bearer {_providers[algorithm].Tokens[$"{token}"]}");
        return await _host!.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>A task of the right caller's.</summary>
    internal async Task<Subject> MakeSubjectAsync(Wire wire, string algorithm)
    {
        var options = new SendOptions { ContextId = Guid.NewGuid().ToString() };
        var task = wire.TaskOf((await AskAsync(wire, wire.SendRequest(Subject.Text, options), algorithm)).Result);
        var taskId = task.GetProperty("id").GetString()!;
        Assert.Null((await AskAsync(wire, wire.CreateConfigRequest(taskId, Subject.Url, Subject.Webhook), algorithm)).ErrorCode);
        return new Subject(taskId, options.ContextId, options.MessageId);
    }

    /// <summary>What the right caller sees of a task.</summary>
    internal async Task<string> StateOfAsync(Wire wire, Subject subject, string algorithm) => string.Join(
        '\n',
        (await AskAsync(wire, wire.GetRequest(subject.TaskId), algorithm)).Result.GetRawText(),
        (await AskAsync(wire, wire.ListConfigsRequest(subject.TaskId), algorithm)).Result.GetRawText());

    private IEnumerable<(string Name, string Value)> SettingsOf(string algorithm, string issuer, int index) =>
    [
        ($"Security:Oidc:Issuers:{index}:Issuer", issuer),
        ($"Security:Oidc:Issuers:{index}:Audiences:0", JoseProvider.Audience),
        ($"Security:Oidc:Issuers:{index}:KeySetUrl", _keys!.AddressOf(algorithm)),
    ];

    private async Task<Reply> AskAsync(Wire wire, HttpRequestMessage request, string algorithm)
    {
        using var response = await SendAsync(wire, request, algorithm, MatrixCredential.RightCaller);
        return wire.Read(response, await response.Content.ReadAsStringAsync());
    }
}
