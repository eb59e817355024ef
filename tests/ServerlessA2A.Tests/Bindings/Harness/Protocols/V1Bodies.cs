using System.Text.Json;
using System.Text.Json.Nodes;

namespace ServerlessA2A.Tests.Bindings.Harness.Protocols;

/// <summary>Bodies of 1.0, the same in both bindings.</summary>
internal static class V1Bodies
{
    public static JsonObject Send(string text, SendOptions options)
    {
        var message = new JsonObject
        {
            ["messageId"] = options.MessageId,
            ["role"] = "ROLE_USER",
            ["parts"] = new JsonArray(new JsonObject { ["text"] = text }),
        };
        if (options.TaskId is not null)
            message["taskId"] = options.TaskId;
        if (options.ContextId is not null)
            message["contextId"] = options.ContextId;
        var configuration = new JsonObject { ["returnImmediately"] = !options.Wait };
        if (options.HistoryLength is not null)
            configuration["historyLength"] = options.HistoryLength;
        if (options.Webhook is not null)
            configuration["taskPushNotificationConfig"] = new JsonObject { ["url"] = options.Webhook };
        var body = new JsonObject { ["message"] = message, ["configuration"] = configuration };
        if (options.Tenant is not null)
            body["tenant"] = options.Tenant;
        return body;
    }

    public static JsonObject Config(string taskId, string url, string? id)
    {
        var body = new JsonObject { ["taskId"] = taskId, ["url"] = url };
        if (id is not null)
            body["id"] = id;
        return body;
    }

    public static string StateOf(JsonElement task) => task.GetProperty("status").GetProperty("state").GetString()!["TASK_STATE_".Length..];

    public static (string Kind, JsonElement Content) EventOf(JsonElement response)
    {
        var member = Assert.Single(response.EnumerateObject());
        return (member.Name, member.Value);
    }
}
