using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Messages;

namespace ServerlessA2A.Tasks.Callbacks;

/// <summary>
/// The message that a callback becomes: a data part with the parameters of the callback, and its state in the metadata, from which the run
/// derives the code verifier. The message's id is that of the callback, so that a second call is recognized as a repeat.
/// </summary>
internal static class CallbackMessages
{
    /// <summary>The member of the message's metadata with the state. Clients must not send it.</summary>
    public const string Key = "serverlessa2a.callback";

    public static Message Of(CallbackState state, string stateText, IReadOnlyDictionary<string, string> values) => new()
    {
        MessageId = $"callback-{state.Id}",
        TaskId = state.TaskId,
        Role = Role.User,
        // In one order, so that a repeated call is equal.
        Parts =
        [
            Part.FromData(JsonSerializer.SerializeToElement(
                new JsonObject(values.OrderBy(value => value.Key, StringComparer.Ordinal)
                    .Select(value => KeyValuePair.Create<string, JsonNode?>(value.Key, JsonValue.Create(value.Value))))))
                with { MediaType = "application/json" },
        ],
        Metadata = JsonSerializer.SerializeToElement(new JsonObject { [Key] = stateText }),
    };

    /// <summary>The state of a message that a callback became; null for a client's message.</summary>
    public static string? StateOf(Message message) =>
        message.Metadata is { ValueKind: JsonValueKind.Object } metadata && metadata.TryGetProperty(Key, out var state) &&
        state.ValueKind == JsonValueKind.String ? state.GetString() : null;

    /// <summary>The parameters of a message that a callback became.</summary>
    public static IReadOnlyDictionary<string, string> ValuesOf(Message message) =>
        message.Parts[0].Data!.Value.EnumerateObject().ToDictionary(value => value.Name, value => value.Value.GetString()!);

    /// <summary>Rejects a client's message that looks like a callback: it would evade the expiry and the single use.</summary>
    /// <exception cref="A2AException">InvalidParams.</exception>
    public static void CheckIsClients(Message message)
    {
        if (message.Metadata is { ValueKind: JsonValueKind.Object } metadata && metadata.TryGetProperty(Key, out _))
            throw A2AException.InvalidParams($"message.metadata[\"{Key}\"]", "is reserved for callbacks; leave it out");
    }
}
