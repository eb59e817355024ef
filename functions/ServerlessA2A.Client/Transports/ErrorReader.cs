using System.Text.Json;
using ServerlessA2A.Protocol.Errors;

namespace ServerlessA2A.Client.Transports;

/// <summary>
/// Reads errors: the JSON-RPC error object, the google.rpc.Status of HTTP+JSON, the bare object of 0.3, and answers that are neither, such
/// as a proxy's. The reason decides, then the code, then the HTTP status.
/// </summary>
internal static class ErrorReader
{
    private const int LongestMessage = 1000;

    /// <summary>The error of an answer with a status that is none of success.</summary>
    /// <param name="path">The path of the request: in HTTP+JSON it names the task that may be missing.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="retryAfter">The delay that the answer asks for.</param>
    /// <param name="body">The answer's body, or its beginning.</param>
    public static A2AClientException Read(string path, int status, TimeSpan? retryAfter, ReadOnlySpan<byte> body)
    {
        try
        {
            var root = JsonElement.Parse(body);
            if (root.ValueKind == JsonValueKind.Object)
                return Read(root.TryGetProperty("error", out var error) ? error : root, status, retryAfter, path);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a name that is not valid Unicode, which parsing does not check.
        }

        return new(OfStatus(status), $"The agent answered with HTTP status {status}.") { HttpStatus = status, RetryAfter = retryAfter };
    }

    /// <summary>The error of an error object.</summary>
    public static A2AClientException Read(JsonElement error, int status, TimeSpan? retryAfter, string path = "")
    {
        string? message = null, reason = null;
        int? code = null;
        var metadata = new Dictionary<string, string>();
        var violations = new List<FieldViolation>();
        A2AError? named = null;
        if (error.ValueKind == JsonValueKind.String)
        {
            // Java's servers of 0.3 answer with the name of their exception: io.a2a.spec.TaskNotFoundError.
            message = TextOf(error);
            named = A2AError.All.FirstOrDefault(each => message?.Contains($".{each.Name}Error", StringComparison.Ordinal) == true);
        }

        if (error.ValueKind == JsonValueKind.Object)
        {
            message = Text(error, "message") ?? Text(error, "detail");
            if (error.TryGetProperty("code", out var number) && number.ValueKind == JsonValueKind.Number &&
                number.TryGetInt32(out var value))
                code = value;
            foreach (var name in (string[])["data", "details"])
            {
                if (error.TryGetProperty(name, out var details) && details.ValueKind == JsonValueKind.Array)
                    reason = ReadDetails(details, metadata, violations) ?? reason;
            }
        }

        message = message is { Length: > LongestMessage } ? message[..LongestMessage] : message;
        // Python's servers of 0.3 have only a message. A path that does not exist has other members, or none.
        if (status == 404 && reason is null && code is null && message is not null && error.ValueKind == JsonValueKind.Object &&
            error.TryGetProperty("message", out _) && path.Contains("/tasks/", StringComparison.Ordinal))
            named = A2AError.TaskNotFound;
        return new(named ?? Find(reason, code, status), message ?? $"The agent answered with HTTP status {status}.")
        {
            HttpStatus = status,
            RetryAfter = retryAfter,
            Metadata = metadata,
            FieldViolations = violations,
        };
    }

    private static string? ReadDetails(JsonElement details, Dictionary<string, string> metadata, List<FieldViolation> violations)
    {
        string? reason = null;
        foreach (var detail in details.EnumerateArray())
        {
            if (detail.ValueKind != JsonValueKind.Object) continue;
            reason ??= Text(detail, "reason");
            if (detail.TryGetProperty("metadata", out var facts) && facts.ValueKind == JsonValueKind.Object)
            {
                foreach (var fact in facts.EnumerateObject())
                    metadata[fact.Name] = fact.Value.ValueKind == JsonValueKind.String ? TextOf(fact.Value) ?? "" : fact.Value.GetRawText();
            }

            if (!detail.TryGetProperty("fieldViolations", out var fields) || fields.ValueKind != JsonValueKind.Array) continue;
            foreach (var field in fields.EnumerateArray())
            {
                if (field.ValueKind == JsonValueKind.Object)
                    violations.Add(new(Text(field, "field") ?? "", Text(field, "description") ?? ""));
            }
        }

        return reason;
    }

    private static A2AError Find(string? reason, int? code, int status)
    {
        if (reason is not null && A2AError.All.FirstOrDefault(each => each.Reason == reason) is { } named) return named;
        // -32603 is also the code of errors that HTTP tells apart: rate limits, an overload, missing credentials.
        if (status >= 400 && code is null or -32603 or >= 0) return OfStatus(status);
        return A2AError.All.FirstOrDefault(each => each.JsonRpcCode == code) ?? (status < 400 ? A2AError.InternalError : OfStatus(status));
    }

    private static A2AError OfStatus(int status) => status switch
    {
        401 => A2AError.Unauthenticated,
        403 => A2AError.PermissionDenied,
        404 => A2AError.MethodNotFound,
        405 => A2AError.MethodNotAllowed,
        408 => A2AError.RequestTimeout,
        // The next ones are those of 0.3's servers over HTTP+JSON, whose errors have no code.
        409 => A2AError.TaskNotCancelable,
        413 => A2AError.PayloadTooLarge,
        415 => A2AError.UnsupportedMediaType,
        422 => A2AError.InvalidParams,
        429 => A2AError.ResourceExhausted,
        501 => A2AError.UnsupportedOperation,
        502 or 503 or 504 => A2AError.Unavailable,
        >= 500 => A2AError.InternalError,
        >= 400 => A2AError.InvalidRequest,
        _ => A2AError.InvalidAgentResponse,
    };

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var text) ? TextOf(text) : null;

    /// <summary>A text; null for anything else, and for one that is not valid Unicode: proxies write their errors in Latin-1.</summary>
    private static string? TextOf(JsonElement json)
    {
        try
        {
            return json.ValueKind == JsonValueKind.String ? json.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
