using System.Text.Json;
using ServerlessA2A.Protocol.Json.Fields;
using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.Protocol.Json;

internal static class ListTasksJson
{
    public static ListTasksRequest? ReadRequest(ref JsonInput json)
    {
        if (!json.StartObject()) return null;
        string? tenant = null, contextId = null, pageToken = null;
        TaskState? status = null;
        int? pageSize = null, historyLength = null;
        DateTimeOffset? statusTimestampAfter = null, lastUpdatedAfter = null;
        bool? includeArtifacts = null;
        while (json.NextField())
        {
            switch (json.Field)
            {
                case "tenant": tenant = json.TextUnlessEmpty(); break;
                case "contextId": contextId = json.TextUnlessEmpty(); break;
                case "status": status = json.State(); break;
                case "pageSize": pageSize = json.Integer(); break;
                case "pageToken": pageToken = json.TextUnlessEmpty(); break;
                case "historyLength": historyLength = json.Integer(); break;
                case "statusTimestampAfter": statusTimestampAfter = json.Timestamp(); break;
                // The Go SDK's name for it.
                case "lastUpdatedAfter": lastUpdatedAfter = json.Timestamp(); break;
                case "includeArtifacts": includeArtifacts = json.Flag(); break;
                default: json.Skip(); break;
            }
        }

        return new()
        {
            Tenant = tenant,
            ContextId = contextId,
            Status = status,
            PageSize = pageSize,
            PageToken = pageToken,
            HistoryLength = historyLength,
            StatusTimestampAfter = statusTimestampAfter ?? lastUpdatedAfter,
            IncludeArtifacts = includeArtifacts,
        };
    }

    public static void Write(Utf8JsonWriter json, ListTasksRequest request)
    {
        json.WriteStartObject();
        json.WriteTextUnlessEmpty("tenant"u8, request.Tenant);
        json.WriteTextUnlessEmpty("contextId"u8, request.ContextId);
        json.WriteText("status"u8, request.Status is { } status ? TaskStateNames.ToName(status) : null);
        json.WriteInteger("pageSize"u8, request.PageSize);
        json.WriteTextUnlessEmpty("pageToken"u8, request.PageToken);
        json.WriteInteger("historyLength"u8, request.HistoryLength);
        json.WriteTimestamp("statusTimestampAfter"u8, request.StatusTimestampAfter);
        json.WriteFlag("includeArtifacts"u8, request.IncludeArtifacts);
        json.WriteEndObject();
    }

    public static ListTasksResponse? ReadResponse(ref JsonInput json)
    {
        if (!json.StartObject()) return null;
        List<A2ATask>? tasks = null;
        string? nextPageToken = null;
        int pageSize = 0, totalSize = 0;
        while (json.NextField())
        {
            switch (json.Field)
            {
                case "tasks": tasks = json.List(TaskJson.Read); break;
                case "nextPageToken": nextPageToken = json.Text(); break;
                case "pageSize": pageSize = json.Integer() ?? 0; break;
                case "totalSize": totalSize = json.Integer() ?? 0; break;
                default: json.Skip(); break;
            }
        }

        return new() { Tasks = tasks ?? [], NextPageToken = nextPageToken!, PageSize = pageSize, TotalSize = totalSize };
    }

    public static void Write(Utf8JsonWriter json, ListTasksResponse response)
    {
        json.WriteStartObject();
        json.WriteList("tasks"u8, response.Tasks, TaskJson.Write);
        json.WriteText("nextPageToken"u8, response.NextPageToken);
        json.WriteNumber("pageSize"u8, response.PageSize);
        json.WriteNumber("totalSize"u8, response.TotalSize);
        json.WriteEndObject();
    }
}
