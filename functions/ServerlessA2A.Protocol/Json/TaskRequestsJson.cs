using System.Text.Json;
using ServerlessA2A.Protocol.Json.Fields;
using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.Protocol.Json;

/// <summary>The requests that name one task.</summary>
internal static class TaskRequestsJson
{
    public static GetTaskRequest? ReadGet(ref JsonInput json)
    {
        if (!json.StartObject()) return null;
        string? tenant = null, id = null;
        int? historyLength = null;
        while (json.NextField())
        {
            switch (json.Field)
            {
                case "tenant": tenant = json.TextUnlessEmpty(); break;
                case "id": id = json.Text(); break;
                case "historyLength": historyLength = json.Integer(); break;
                default: json.Skip(); break;
            }
        }

        return new() { Tenant = tenant, Id = id!, HistoryLength = historyLength };
    }

    public static void Write(Utf8JsonWriter json, GetTaskRequest request)
    {
        json.WriteStartObject();
        json.WriteTextUnlessEmpty("tenant"u8, request.Tenant);
        json.WriteText("id"u8, request.Id);
        json.WriteInteger("historyLength"u8, request.HistoryLength);
        json.WriteEndObject();
    }

    public static CancelTaskRequest? ReadCancel(ref JsonInput json)
    {
        if (!json.StartObject()) return null;
        string? tenant = null, id = null;
        JsonElement? metadata = null;
        while (json.NextField())
        {
            switch (json.Field)
            {
                case "tenant": tenant = json.TextUnlessEmpty(); break;
                case "id": id = json.Text(); break;
                case "metadata": metadata = json.Struct(); break;
                default: json.Skip(); break;
            }
        }

        return new() { Tenant = tenant, Id = id!, Metadata = metadata };
    }

    public static void Write(Utf8JsonWriter json, CancelTaskRequest request)
    {
        json.WriteStartObject();
        json.WriteTextUnlessEmpty("tenant"u8, request.Tenant);
        json.WriteText("id"u8, request.Id);
        json.WriteFree("metadata"u8, request.Metadata);
        json.WriteEndObject();
    }

    public static SubscribeToTaskRequest? ReadSubscribe(ref JsonInput json)
    {
        if (!json.StartObject()) return null;
        string? tenant = null, id = null;
        while (json.NextField())
        {
            switch (json.Field)
            {
                case "tenant": tenant = json.TextUnlessEmpty(); break;
                case "id": id = json.Text(); break;
                default: json.Skip(); break;
            }
        }

        return new() { Tenant = tenant, Id = id! };
    }

    public static void Write(Utf8JsonWriter json, SubscribeToTaskRequest request)
    {
        json.WriteStartObject();
        json.WriteTextUnlessEmpty("tenant"u8, request.Tenant);
        json.WriteText("id"u8, request.Id);
        json.WriteEndObject();
    }
}
