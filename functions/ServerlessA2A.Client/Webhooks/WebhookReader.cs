using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ServerlessA2A.Client.Transports;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Messages;

namespace ServerlessA2A.Client.Webhooks;

/// <summary>Verifies and reads deliveries to a webhook, of both versions and of agents of any make.</summary>
public sealed class WebhookReader : IDisposable
{
    private const string Bearer = "Bearer ";

    private readonly WebhookReceiverOptions _options;
    private readonly KeySet? _keys;

    /// <summary>Creates a reader; use one for all deliveries, since it keeps the agent's keys.</summary>
    /// <param name="options">How deliveries prove where they come from.</param>
    /// <param name="http">Reads the key set. Default: a client of the reader's own.</param>
    /// <exception cref="ArgumentException">The options would accept deliveries from anyone.</exception>
    public WebhookReader(WebhookReceiverOptions options, HttpClient? http = null)
    {
        if (options.Fault() is { } fault) throw new ArgumentException(fault, nameof(options));
        _options = options;
        _keys = options.KeySet is { } address ? new KeySet(address, http, options.TimeProvider) : null;
    }

    /// <summary>Verifies and reads a delivery.</summary>
    /// <param name="header">The value of a header of the request; null where it has none.</param>
    /// <param name="body">The body of the request, byte for byte.</param>
    /// <param name="cancellationToken">Cancels waiting for the key set.</param>
    /// <exception cref="WebhookRejectedException">The delivery does not prove where it comes from, or is none.</exception>
    /// <exception cref="HttpRequestException">The key set could not be read: answer with 503, so that the delivery is repeated.</exception>
    public async Task<WebhookEvent> ReadAsync(
        Func<string, string?> header, ReadOnlyMemory<byte> body, CancellationToken cancellationToken = default)
    {
        if (_options.Token is { Length: > 0 } token && !AreSame(header("X-A2A-Notification-Token"), token))
            throw new WebhookRejectedException(401, "The delivery has not the webhook's token.");
        if (_options.Authorization is { Length: > 0 } authorization && !AreSame(header("Authorization"), authorization))
            throw new WebhookRejectedException(401, "The delivery has not the webhook's credentials.");
        WebhookSignature? signed = null;
        if (_keys is not null)
        {
            var signature = header("X-A2A-Notification-Signature") ??
                BearerOf(header("Authorization")) ??
                throw new WebhookRejectedException(401, "The delivery is not signed.");
            signed = await WebhookSignature.VerifyAsync(
                signature, body, _options.Audience!, _keys, _options.TimeProvider.GetUtcNow(), cancellationToken);
        }

        var read = Read(header, body);
        if (signed?.TaskId is { } task && task != read.TaskId)
            throw new WebhookRejectedException(401, $"The delivery is about the task {read.TaskId}, and its signature about {task}.");
        if (signed?.EventNumber is not { } number) return read;
        // The header is not signed. With another key a copy of the delivery would pass as a new event, or hide the next ones.
        var key = string.Create(CultureInfo.InvariantCulture, $"{read.TaskId}:{number}");
        if (read.Key is not null && read.Key != key)
            throw new WebhookRejectedException(401, $"The delivery has the Idempotency-Key {read.Key}, and its signature is for {key}.");
        return read with { Key = key };
    }

    /// <inheritdoc/>
    public void Dispose() => _keys?.Dispose();

    private static WebhookEvent Read(Func<string, string?> header, ReadOnlyMemory<byte> body)
    {
        var version = header(WireFormat.VersionHeader) switch
        {
            { } text when text.StartsWith("0.3", StringComparison.Ordinal) => ProtocolVersion.V0_3,
            { } text when text.StartsWith("1.", StringComparison.Ordinal) => ProtocolVersion.V1_0,
            _ => IsBare(body.Span) ? ProtocolVersion.V0_3 : ProtocolVersion.V1_0,
        };
        try
        {
            // A copy: the event outlives the request.
            var json = body.ToArray();
            var item = version == ProtocolVersion.V0_3
                ? WireFormat.V0_3JsonRpc.ReadStreamResponse(json) : WireFormat.V1.ReadStreamResponse(json);
            var taskId = item.Task?.Id ?? item.StatusUpdate?.TaskId ?? item.ArtifactUpdate?.TaskId ?? item.Message?.TaskId;
            if (string.IsNullOrEmpty(taskId))
                throw new WebhookRejectedException(400, "The delivery names no task.");
            return !Operations.IsComplete(item)
                ? throw new WebhookRejectedException(400, "The delivery is not an event: it lacks required members.")
                : new() { TaskId = taskId, Item = item, Version = version, Key = header("Idempotency-Key") };
        }
        catch (A2AException exception)
        {
            throw new WebhookRejectedException(400, $"The delivery is not an event: {exception.Message}", exception);
        }
    }

    /// <summary>Whether the body is a task as 0.3 has it: not in a member that names it.</summary>
    private static bool IsBare(ReadOnlySpan<byte> body)
    {
        var item = default(StreamResponse);
        try
        {
            item = WireFormat.V1.ReadStreamResponse(body.ToArray());
        }
        catch (A2AException)
        {
        }

        return item is null or { Task: null, Message: null, StatusUpdate: null, ArtifactUpdate: null };
    }

    private static string? BearerOf(string? authorization) =>
        authorization?.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) == true ? authorization[Bearer.Length..] : null;

    /// <summary>Compares in a time that does not depend on the text.</summary>
    private static bool AreSame(string? sent, string expected) => sent is not null && CryptographicOperations.FixedTimeEquals(
        SHA256.HashData(Encoding.UTF8.GetBytes(sent)), SHA256.HashData(Encoding.UTF8.GetBytes(expected)));
}
