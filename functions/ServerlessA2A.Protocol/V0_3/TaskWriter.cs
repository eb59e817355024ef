using System.Text.Json;
using ServerlessA2A.Protocol.Json.Fields;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.Protocol.V0_3;

/// <summary>Writes tasks and their events: over JSON-RPC objects with a <c>kind</c>, over HTTP+JSON those of the proto file.</summary>
internal sealed class TaskWriter(Binding binding)
{
    private readonly MessageWriter _messages = new(binding);
    private readonly bool _isProto = binding == Binding.Http;

    public void Write(Utf8JsonWriter json, A2ATask task)
    {
        Start(json, "task");
        json.WriteText("id"u8, task.Id);
        json.WriteTextUnlessEmpty("contextId"u8, task.ContextId);
        json.WriteMessage("status"u8, task.Status, Write);
        json.WriteListUnlessEmpty("artifacts"u8, task.Artifacts, _messages.Write);
        json.WriteListUnlessEmpty("history"u8, task.History, _messages.Write);
        json.WriteFree("metadata"u8, task.Metadata);
        json.WriteEndObject();
    }

    public void Write(Utf8JsonWriter json, ListTasksResponse response)
    {
        json.WriteStartObject();
        json.WriteList("tasks"u8, response.Tasks, Write);
        json.WriteText("nextPageToken"u8, response.NextPageToken);
        json.WriteNumber("pageSize"u8, response.PageSize);
        json.WriteNumber("totalSize"u8, response.TotalSize);
        json.WriteEndObject();
    }

    /// <summary>HTTP+JSON wraps the item of a stream or the response to a message; JSON-RPC writes the member that is set.</summary>
    public void Write(Utf8JsonWriter json, StreamResponse response, bool final)
    {
        if (_isProto) json.WriteStartObject();
        if (response.Task is { } task)
        {
            Wrap(json, "task"u8);
            Write(json, task);
        }
        else if (response.Message is { } message)
        {
            Wrap(json, "msg"u8);
            _messages.Write(json, message);
        }
        else if (response.StatusUpdate is { } status)
        {
            Wrap(json, "statusUpdate"u8);
            Write(json, status, final);
        }
        else if (response.ArtifactUpdate is { } artifact)
        {
            Wrap(json, "artifactUpdate"u8);
            Write(json, artifact);
        }

        if (_isProto) json.WriteEndObject();
    }

    private void Write(Utf8JsonWriter json, A2ATaskStatus status)
    {
        json.WriteStartObject();
        json.WriteText("state"u8, Names.Of(status.State, binding));
        json.WriteMessage(_isProto ? "update"u8 : "message"u8, status.Message, _messages.Write);
        json.WriteTimestamp("timestamp"u8, status.Timestamp);
        json.WriteEndObject();
    }

    private void Write(Utf8JsonWriter json, TaskStatusUpdateEvent update, bool final)
    {
        Start(json, "status-update");
        json.WriteText("taskId"u8, update.TaskId);
        json.WriteText("contextId"u8, update.ContextId);
        json.WriteMessage("status"u8, update.Status, Write);
        WriteFlag(json, "final"u8, final);
        json.WriteFree("metadata"u8, update.Metadata);
        json.WriteEndObject();
    }

    private void Write(Utf8JsonWriter json, TaskArtifactUpdateEvent update)
    {
        Start(json, "artifact-update");
        json.WriteText("taskId"u8, update.TaskId);
        json.WriteText("contextId"u8, update.ContextId);
        json.WriteMessage("artifact"u8, update.Artifact, _messages.Write);
        WriteFlag(json, "append"u8, update.Append);
        WriteFlag(json, "lastChunk"u8, update.LastChunk);
        json.WriteFree("metadata"u8, update.Metadata);
        json.WriteEndObject();
    }

    private void Start(Utf8JsonWriter json, string kind)
    {
        json.WriteStartObject();
        if (!_isProto) json.WriteText("kind"u8, kind);
    }

    private void Wrap(Utf8JsonWriter json, ReadOnlySpan<byte> name)
    {
        if (_isProto) json.WritePropertyName(name);
    }

    /// <summary>JSON-RPC writes false too (its schema requires <c>final</c>), proto omits it.</summary>
    private void WriteFlag(Utf8JsonWriter json, ReadOnlySpan<byte> name, bool value)
    {
        if (value || !_isProto) json.WriteBoolean(name, value);
    }
}
