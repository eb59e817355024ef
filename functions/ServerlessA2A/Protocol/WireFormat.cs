using System.Text.Json;
using ServerlessA2A.Protocol.Cards;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.PushNotifications;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Protocol.V0_3;

namespace ServerlessA2A.Protocol;

/// <summary>How requests and results look on the wire in one version and binding. The rest of the program speaks the 1.0 records only.</summary>
/// <remarks>
/// Readers take the <c>params</c> of a JSON-RPC request or the body of an HTTP+JSON one, and only parse: what is missing stays null and is
/// for <see cref="RequestValidation"/>. What HTTP+JSON has in the path or in the query (ids, filters) is for the binding to fill in.
/// </remarks>
internal abstract class WireFormat
{
    /// <summary>The header that names the version of a request, and of a webhook's call (A2A 1.0, section 3.6).</summary>
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

    /// <summary>Reads which task is asked for.</summary>
    /// <inheritdoc cref="ReadSendMessage" path="/exception"/>
    public abstract GetTaskRequest ReadGetTask(ReadOnlyMemory<byte> utf8);

    /// <summary>Reads which tasks are asked for.</summary>
    /// <inheritdoc cref="ReadSendMessage" path="/exception"/>
    public abstract ListTasksRequest ReadListTasks(ReadOnlyMemory<byte> utf8);

    /// <summary>Reads which task is to be canceled.</summary>
    /// <inheritdoc cref="ReadSendMessage" path="/exception"/>
    public abstract CancelTaskRequest ReadCancelTask(ReadOnlyMemory<byte> utf8);

    /// <summary>Reads which task's events are asked for.</summary>
    /// <inheritdoc cref="ReadSendMessage" path="/exception"/>
    public abstract SubscribeToTaskRequest ReadSubscribeToTask(ReadOnlyMemory<byte> utf8);

    /// <summary>Reads a webhook to make. In 0.3 one without an id gets the id <c>default</c>.</summary>
    /// <inheritdoc cref="ReadSendMessage" path="/exception"/>
    public abstract TaskPushNotificationConfig ReadCreatePushConfig(ReadOnlyMemory<byte> utf8);

    /// <summary>Reads which webhook is asked for.</summary>
    /// <inheritdoc cref="ReadSendMessage" path="/exception"/>
    public abstract GetTaskPushNotificationConfigRequest ReadGetPushConfig(ReadOnlyMemory<byte> utf8);

    /// <summary>Reads whose webhooks are asked for.</summary>
    /// <inheritdoc cref="ReadSendMessage" path="/exception"/>
    public abstract ListTaskPushNotificationConfigsRequest ReadListPushConfigs(ReadOnlyMemory<byte> utf8);

    /// <summary>Reads which webhook is to be ended.</summary>
    /// <inheritdoc cref="ReadSendMessage" path="/exception"/>
    public abstract DeleteTaskPushNotificationConfigRequest ReadDeletePushConfig(ReadOnlyMemory<byte> utf8);

    /// <summary>Reads a state from a query string: 1.0's names, and in 0.3 all spellings that occur there.</summary>
    public abstract bool TryParseTaskState(ReadOnlySpan<char> text, out TaskState state);

    /// <summary>Writes a task: the result of get and cancel, and the body of 0.3's webhooks.</summary>
    public abstract void WriteTask(Utf8JsonWriter writer, A2ATask task);

    /// <summary>Writes the answer to a message.</summary>
    public abstract void WriteSendMessageResponse(Utf8JsonWriter writer, SendMessageResponse response);

    /// <summary>Writes an item of a stream.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="response">The item.</param>
    /// <param name="final">True for the last item of the stream; 0.3 says so in its status updates, 1.0 does not.</param>
    public abstract void WriteStreamResponse(Utf8JsonWriter writer, StreamResponse response, bool final);

    /// <summary>Writes a page of tasks.</summary>
    public abstract void WriteListTasks(Utf8JsonWriter writer, ListTasksResponse response);

    /// <summary>Writes a webhook.</summary>
    public abstract void WritePushConfig(Utf8JsonWriter writer, TaskPushNotificationConfig config);

    /// <summary>Writes a task's webhooks.</summary>
    public abstract void WritePushConfigs(Utf8JsonWriter writer, ListTaskPushNotificationConfigsResponse response);

    /// <summary>Writes the result of ending a webhook, which says nothing.</summary>
    public abstract void WriteDeletedPushConfig(Utf8JsonWriter writer);

    /// <summary>Writes the agent's card.</summary>
    /// <exception cref="A2AException">VersionNotSupported where the card names no address for 0.3.</exception>
    public abstract void WriteCard(Utf8JsonWriter writer, AgentCard card);

    /// <summary>
    /// Writes one card for clients that did not say which version they speak: the members of 1.0 and of 0.3 side by side, since their names
    /// are disjoint. Where the card names no address for 0.3 it is the card of 1.0.
    /// </summary>
    public static void WriteBlendedCard(Utf8JsonWriter writer, AgentCard card) => CardWriter.WriteBlended(writer, card);
}
