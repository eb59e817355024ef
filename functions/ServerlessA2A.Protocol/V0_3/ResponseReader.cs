using System.Text.Json;
using ServerlessA2A.Protocol.Json.Fields;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.PushNotifications;
using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.Protocol.V0_3;

/// <summary>
/// Reads what servers answer. Either form is accepted in either binding: objects with a <c>kind</c>, and objects in a member that names
/// them, as in the proto file.
/// </summary>
internal sealed class ResponseReader(MessageReader messages)
{
    /// <summary>A task, a message or an event. One without <c>kind</c> is recognised by its members.</summary>
    public StreamResponse? Read(ref JsonInput json)
    {
        if (!json.StartObject()) return null;
        StreamResponse? wrapped = null;
        string? id = null, contextId = null, taskId = null, messageId = null, role = null;
        A2ATaskStatus? status = null;
        Artifact? artifact = null;
        bool append = false, lastChunk = false;
        List<Artifact>? artifacts = null;
        List<Message>? history = null;
        List<Part>? parts = null;
        List<string>? extensions = null, referenceTaskIds = null;
        JsonElement? metadata = null;
        while (json.NextField())
        {
            switch (json.Field)
            {
                case "task" or "msg" or "message" or "statusUpdate" or "artifactUpdate": wrapped = Read(ref json) ?? wrapped; break;
                case "id": id = json.Text(); break;
                case "contextId": contextId = json.TextUnlessEmpty(); break;
                case "taskId": taskId = json.TextUnlessEmpty(); break;
                case "status": status = ReadStatus(ref json); break;
                case "artifacts": artifacts = json.List(ReadArtifact); break;
                case "history": history = json.List(messages.Read); break;
                case "artifact": artifact = ReadArtifact(ref json); break;
                case "append": append = json.Flag() ?? false; break;
                case "lastChunk": lastChunk = json.Flag() ?? false; break;
                case "messageId": messageId = json.Text(); break;
                case "role": role = json.Name(); break;
                case "parts" or "content": parts = json.List(messages.ReadPart) ?? parts; break;
                case "extensions": extensions = json.Strings(); break;
                case "referenceTaskIds": referenceTaskIds = json.Strings(); break;
                case "metadata": metadata = json.Struct(); break;
                default: json.Skip(); break;
            }
        }

        if (wrapped is not null) return wrapped;
        if (artifact is not null)
        {
            return new()
            {
                ArtifactUpdate = new()
                {
                    TaskId = taskId!,
                    ContextId = contextId!,
                    Artifact = artifact,
                    Append = append,
                    LastChunk = lastChunk,
                    Metadata = metadata,
                },
            };
        }

        if (status is not null && id is null)
            return new() { StatusUpdate = new() { TaskId = taskId!, ContextId = contextId!, Status = status, Metadata = metadata } };
        if (status is not null || messageId is null)
        {
            return new()
            {
                Task = new()
                {
                    Id = id!,
                    ContextId = contextId,
                    Status = status!,
                    Artifacts = artifacts,
                    History = history,
                    Metadata = metadata,
                },
            };
        }

        return new()
        {
            Message = new()
            {
                MessageId = messageId,
                ContextId = contextId,
                TaskId = taskId,
                Role = Names.ToRole(role),
                Parts = parts!,
                Metadata = metadata,
                Extensions = extensions,
                ReferenceTaskIds = referenceTaskIds,
            },
        };
    }

    public ListTasksResponse? ReadTasks(ref JsonInput json)
    {
        if (!json.StartObject()) return null;
        List<A2ATask>? tasks = null;
        string? nextPageToken = null;
        int pageSize = 0, totalSize = 0;
        while (json.NextField())
        {
            switch (json.Field)
            {
                case "tasks": tasks = json.List(ReadTask); break;
                case "nextPageToken": nextPageToken = json.Text(); break;
                case "pageSize": pageSize = json.Integer() ?? 0; break;
                case "totalSize": totalSize = json.Integer() ?? 0; break;
                default: json.Skip(); break;
            }
        }

        return new() { Tasks = tasks ?? [], NextPageToken = nextPageToken ?? "", PageSize = pageSize, TotalSize = totalSize };
    }

    public static List<TaskPushNotificationConfig>? ReadWebhooks(ref JsonInput json) =>
        json.List(TaskPushNotificationConfigReader.ReadCreate);

    public static ListTaskPushNotificationConfigsResponse? ReadWebhookPage(ref JsonInput json)
    {
        if (!json.StartObject()) return null;
        List<TaskPushNotificationConfig>? configs = null;
        string? nextPageToken = null;
        while (json.NextField())
        {
            switch (json.Field)
            {
                case "configs": configs = ReadWebhooks(ref json); break;
                case "nextPageToken": nextPageToken = json.Text(); break;
                default: json.Skip(); break;
            }
        }

        return new() { Configs = configs ?? [], NextPageToken = nextPageToken ?? "" };
    }

    private A2ATask? ReadTask(ref JsonInput json) => Read(ref json)?.Task;

    /// <summary>
    /// The message is named <c>message</c> in JSON-RPC, <c>update</c> in HTTP+JSON. An unknown state becomes unspecified.
    /// </summary>
    private A2ATaskStatus? ReadStatus(ref JsonInput json)
    {
        if (!json.StartObject()) return null;
        string? state = null;
        Message? message = null;
        DateTimeOffset? timestamp = null;
        while (json.NextField())
        {
            switch (json.Field)
            {
                case "state": state = json.Name(); break;
                case "message" or "update": message = messages.Read(ref json) ?? message; break;
                case "timestamp": timestamp = json.Timestamp(); break;
                default: json.Skip(); break;
            }
        }

        return new()
        {
            State = Names.TryParseState(state, out var known) ? known : TaskState.Unspecified,
            Message = message,
            Timestamp = timestamp,
        };
    }

    private Artifact? ReadArtifact(ref JsonInput json)
    {
        if (!json.StartObject()) return null;
        string? artifactId = null, name = null, description = null;
        List<Part>? parts = null;
        JsonElement? metadata = null;
        List<string>? extensions = null;
        while (json.NextField())
        {
            switch (json.Field)
            {
                case "artifactId": artifactId = json.Text(); break;
                case "name": name = json.TextUnlessEmpty(); break;
                case "description": description = json.TextUnlessEmpty(); break;
                case "parts": parts = json.List(messages.ReadPart); break;
                case "metadata": metadata = json.Struct(); break;
                case "extensions": extensions = json.Strings(); break;
                default: json.Skip(); break;
            }
        }

        return new()
        {
            ArtifactId = artifactId!,
            Name = name,
            Description = description,
            Parts = parts ?? [],
            Metadata = metadata,
            Extensions = extensions,
        };
    }
}
