using Microsoft.Extensions.Logging;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace ServerlessA2A.Chat.Mcp;

/// <summary>A connection to an MCP server: opened on first use, and again after a loss.</summary>
/// <param name="server">The server's settings.</param>
/// <param name="accessToken">The access token to forward; null for none.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed class McpConnection(McpServerOptions server, string? accessToken, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    /// <summary>How long connecting may take: a run waits for it, and its other tools work without the server.</summary>
    private static readonly TimeSpan HttpConnectLimit = TimeSpan.FromSeconds(15);

    /// <summary>The same for a server that is a program: it has to start.</summary>
    private static readonly TimeSpan ProgramConnectLimit = TimeSpan.FromSeconds(30);

    /// <summary>How long a server that could not be connected is left alone, so that it does not delay every run.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    /// <summary>Without redirects, which would take headers with credentials to another server.</summary>
    private static readonly HttpClient Http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private readonly SemaphoreSlim _gate = new(1);
    private McpClient? _client;
    private long? _failedAt;

    /// <summary>The server's settings.</summary>
    public McpServerOptions Server => server;

    /// <summary>The server's tools, as of the last connection; they are kept when it is lost.</summary>
    public IReadOnlyList<Tool> Tools { get; private set; } = [];

    /// <summary>Connects if there is no connection.</summary>
    /// <exception cref="McpUnavailableException">The server could not be reached, now or a short time ago.</exception>
    public async Task<McpClient> ConnectAsync(CancellationToken cancellationToken)
    {
        if (_client is { Completion.IsCompleted: false } open)
            return open;
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_client is { Completion.IsCompleted: false } opened)
                return opened;
            if (_failedAt is { } failed && time.GetElapsedTime(failed) < Pause)
                throw new McpUnavailableException(server.Name!, cause: null);
            await CloseAsync();
            await OpenAsync(cancellationToken);
            return _client!;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Calls a tool.</summary>
    /// <exception cref="McpUnavailableException">The server could not be reached, or was lost during the call.</exception>
    /// <exception cref="McpException">The server rejected the call.</exception>
    public async Task<CallToolResult> CallAsync(
        string tool, IReadOnlyDictionary<string, object?> arguments, CancellationToken cancellationToken)
    {
        for (var isRepeated = false; ; isRepeated = true)
        {
            var client = await ConnectAsync(cancellationToken);
            try
            {
                return await client.CallToolAsync(tool, arguments, cancellationToken: cancellationToken);
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested && failure is not McpException)
            {
                await LoseAsync(client);
                // A server that has restarted does not know the session: it has not made the call.
                if (!isRepeated && failure is HttpRequestException { StatusCode: System.Net.HttpStatusCode.NotFound })
                    continue;
                McpLog.Lost(logger, failure, server.Name!, tool);
                throw new McpUnavailableException(server.Name!, failure);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _gate.Dispose();
    }

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        var connectLimit = server.Command is { Length: > 0 } ? ProgramConnectLimit : HttpConnectLimit;
        using var limit = new CancellationTokenSource(connectLimit, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        McpClient? client = null;
        try
        {
            client = await McpClient.CreateAsync(
                CreateTransport(), new McpClientOptions { InitializationTimeout = connectLimit, TimeProvider = time },
                cancellationToken: end.Token);
            Tools = [.. (await client.ListToolsAsync(cancellationToken: end.Token)).Select(tool => tool.ProtocolTool)];
            (_client, _failedAt) = (client, null);
            McpLog.Connected(logger, server.Name!, Tools.Count);
        }
        catch (Exception failure)
        {
            if (client is not null)
                await CloseAsync(client);
            cancellationToken.ThrowIfCancellationRequested();
            _failedAt = time.GetTimestamp();
            McpLog.NotConnected(logger, failure, server.Name!, Pause);
            throw new McpUnavailableException(server.Name!, failure);
        }
    }

    private IClientTransport CreateTransport()
    {
        if (server.Command is { Length: > 0 } command)
        {
            var environment = StdioClientTransportOptions.GetDefaultEnvironmentVariables();
            foreach (var (name, value) in server.Environment)
                environment[name] = value;
            return new StdioClientTransport(new StdioClientTransportOptions
            {
                Name = server.Name,
                Command = command,
                Arguments = server.Arguments,
                InheritEnvironmentVariables = false,
                EnvironmentVariables = environment!,
                StandardErrorLines = line => McpLog.Output(logger, server.Name!, line),
            });
        }

        var headers = new Dictionary<string, string>(server.Headers, StringComparer.OrdinalIgnoreCase);
        if (accessToken is not null)
            headers["Authorization"] = $"Bearer {accessToken}";
        var options = new HttpClientTransportOptions
        {
            Name = server.Name,
            Endpoint = new Uri(server.Url!),
            TransportMode = HttpTransportMode.StreamableHttp,
            AdditionalHeaders = headers,
            // An instance without CPU between requests could not read the stream.
            EnableStandaloneGetStream = false,
        };
        return new HttpClientTransport(options, Http);
    }

    /// <summary>Gives a connection up, unless another call has already replaced it.</summary>
    private async Task LoseAsync(McpClient client)
    {
        await _gate.WaitAsync(CancellationToken.None);
        try
        {
            // By HTTP, other calls may still get their answers; closing would end them.
            if (_client == client && server.Command is not null)
                await CloseAsync();
            else if (_client == client)
                _client = null;
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task CloseAsync()
    {
        if (_client is { } client)
            await CloseAsync(client);
        _client = null;
    }

    /// <summary>The server may be gone: then it cannot be told.</summary>
    private static async Task CloseAsync(McpClient client)
    {
        try
        {
            await client.DisposeAsync();
        }
        catch (Exception gone) when (gone is not OutOfMemoryException)
        {
        }
    }
}
