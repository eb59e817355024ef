using System.Text.Json;
using ServerlessA2A.Protocol.Cards;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.PushNotifications;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Protocol.V0_3;

namespace ServerlessA2A.Protocol;

/// <summary>
/// The wire format of requests and results in one version and binding. The rest of the program uses only the 1.0 records.
/// </summary>
/// <remarks>
/// Readers parse the <c>params</c> of a JSON-RPC request or the body of an HTTP+JSON one. A missing member stays null, which
/// <see cref="RequestValidation"/> reports. The binding fills in what HTTP+JSON has in the path or the query (ids, filters).
/// </remarks>
internal abstract partial class WireFormat
{
    /// <summary>The header with the protocol version of a request, and of a webhook delivery (A2A 1.0, section 3.6).</summary>
    internal const string VersionHeader = "A2A-Version";

    private protected WireFormat()
    {
    }

    /// <summary>A2A 1.0, the same in both bindings.</summary>
    public static WireFormat V1 { get; } = new V1Format();

    /// <summary>A2A 0.3 over JSON-RPC: objects with <c>kind</c>.</summary>
    public static WireFormat V0_3JsonRpc { get; } = new V0_3Format(Binding.JsonRpc);

    /// <summary>A2A 0.3 over HTTP+JSON: the JSON of 0.3's proto file.</summary>
    public static WireFormat V0_3Http { get; } = new V0_3Format(Binding.Http);

    /// <summary>Major.Minor of the protocol: 1.0 or 0.3.</summary>
    public abstract string Version { get; }

    /// <summary>Reads a message to send.</summary>
    /// <exception cref="A2AException">ParseError, or InvalidParams naming the field.</exception>
    public abstract SendMessageRequest ReadSendMessage(ReadOnlyMemory<byte> utf8);

    /// <summary>Reads a request for a task.</summary>
    /// <inheritdoc cref="ReadSendMessage" path="/exception"/>
    public abstract GetTaskRequest ReadGetTask(ReadOnlyMemory<byte> utf8);

    /// <summary>Reads a request for a list of tasks.</summary>
    /// <inheritdoc cref="ReadSendMessage" path="/exception"/>
    public abstract ListTasksRequest ReadListTasks(ReadOnlyMemory<byte> utf8);

    /// <summary>Reads a request to cancel a task.</summary>
    /// <inheritdoc cref="ReadSendMessage" path="/exception"/>
    public abstract CancelTaskRequest ReadCancelTask(ReadOnlyMemory<byte> utf8);

    /// <summary>Reads a request for a task's events.</summary>
    /// <inheritdoc cref="ReadSendMessage" path="/exception"/>
    public abstract SubscribeToTaskRequest ReadSubscribeToTask(ReadOnlyMemory<byte> utf8);

    /// <summary>Reads a webhook to create. In 0.3 a webhook without an id gets the id <c>default</c>.</summary>
    /// <inheritdoc cref="ReadSendMessage" path="/exception"/>
    public abstract TaskPushNotificationConfig ReadCreateTaskPushNotificationConfig(ReadOnlyMemory<byte> utf8);

    /// <summary>Reads a request for a webhook.</summary>
    /// <inheritdoc cref="ReadSendMessage" path="/exception"/>
    public abstract GetTaskPushNotificationConfigRequest ReadGetTaskPushNotificationConfig(ReadOnlyMemory<byte> utf8);

    /// <summary>Reads a request for a task's webhooks.</summary>
    /// <inheritdoc cref="ReadSendMessage" path="/exception"/>
    public abstract ListTaskPushNotificationConfigsRequest ReadListTaskPushNotificationConfigs(ReadOnlyMemory<byte> utf8);

    /// <summary>Reads a request to delete a webhook.</summary>
    /// <inheritdoc cref="ReadSendMessage" path="/exception"/>
    public abstract DeleteTaskPushNotificationConfigRequest ReadDeleteTaskPushNotificationConfig(ReadOnlyMemory<byte> utf8);

    /// <summary>Reads a state from a query string: the names of 1.0, and in 0.3 all spellings that occur.</summary>
    public abstract bool TryParseTaskState(ReadOnlySpan<char> text, out TaskState state);

    /// <summary>Writes a task: the result of get and cancel, and the body of 0.3's webhook deliveries.</summary>
    public abstract void WriteTask(Utf8JsonWriter writer, A2ATask task);

    /// <summary>Writes the response to a message.</summary>
    public abstract void WriteSendMessageResponse(Utf8JsonWriter writer, SendMessageResponse response);

    /// <summary>Writes an item of a stream.</summary>
    /// <param name="writer">The destination.</param>
    /// <param name="response">The item.</param>
    /// <param name="final">True for the last item of the stream, which 0.3 marks in its status updates.</param>
    public abstract void WriteStreamResponse(Utf8JsonWriter writer, StreamResponse response, bool final);

    /// <summary>Writes a page of tasks.</summary>
    public abstract void WriteListTasks(Utf8JsonWriter writer, ListTasksResponse response);

    /// <summary>Writes a webhook.</summary>
    public abstract void WriteTaskPushNotificationConfig(Utf8JsonWriter writer, TaskPushNotificationConfig config);

    /// <summary>Writes a task's webhooks.</summary>
    public abstract void WriteTaskPushNotificationConfigs(Utf8JsonWriter writer, ListTaskPushNotificationConfigsResponse response);

    /// <summary>Writes the empty result of deleting a webhook.</summary>
    public abstract void WriteDeletedTaskPushNotificationConfig(Utf8JsonWriter writer);

    /// <summary>Writes the agent's card.</summary>
    /// <exception cref="A2AException">VersionNotSupported if the card has no address for 0.3.</exception>
    public abstract void WriteCard(Utf8JsonWriter writer, AgentCard card);

    /// <summary>
    /// Writes one card for clients that do not name their version: the members of 1.0 and of 0.3 side by side, because their names are
    /// disjoint. If the card has no address for 0.3, it is the card of 1.0.
    /// </summary>
    public static void WriteBlendedCard(Utf8JsonWriter writer, AgentCard card) => CardWriter.WriteBlended(writer, card);
}
