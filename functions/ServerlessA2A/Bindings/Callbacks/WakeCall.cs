using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using ServerlessA2A.Bindings.Http;
using ServerlessA2A.Protocol.Errors;

namespace ServerlessA2A.Bindings.Callbacks;

/// <summary>
/// The webhook call of another agent, in either version of the protocol. It is only a hint, whatever it says: the agent that waits reads
/// the other agent's task itself.
/// </summary>
internal static class WakeCall
{
    /// <summary>The largest body that is read, in bytes: 0.3 sends the whole task.</summary>
    private const int MaxSize = 16 * 1024 * 1024;

    /// <summary>Whether a request is one.</summary>
    public static bool Is(HttpRequest request) => HttpMethods.IsPost(request.Method) &&
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type) &&
        (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) ||
            type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether the call only reports that the other agent still works: nobody needs to wake for that.</summary>
    /// <exception cref="A2AException">The body is too large, or could not be read.</exception>
    public static async ValueTask<bool> IsProgressAsync(HttpContext context)
    {
        var body = await RequestBody.ReadAsync(context, MaxSize);
        try
        {
            using var json = JsonDocument.Parse(body.Bytes);
            return IsProgress(json.RootElement);
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: half of a surrogate pair, which parsing does not check.
            throw A2AException.InvalidParams("body", "must be JSON");
        }
        finally
        {
            body.Release();
        }
    }

    private static bool IsProgress(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
            return false;
        if (json.TryGetProperty("artifactUpdate", out _) || json.TryGetProperty("artifact", out _))
            return true;
        var holder = json.TryGetProperty("statusUpdate", out var update) ? update : json.TryGetProperty("task", out var task) ? task : json;
        return holder.ValueKind == JsonValueKind.Object && holder.TryGetProperty("status", out var status) &&
            status.ValueKind == JsonValueKind.Object && status.TryGetProperty("state", out var state) &&
            state.ValueKind == JsonValueKind.String &&
            state.GetString() is "submitted" or "working" or "TASK_STATE_SUBMITTED" or "TASK_STATE_WORKING";
    }
}
