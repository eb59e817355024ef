using System.Text.Json;
using ServerlessA2A.Protocol.Json.Fields;
using ServerlessA2A.Protocol.PushNotifications;

namespace ServerlessA2A.Protocol.V0_3;

/// <summary>Writes webhooks.</summary>
internal sealed class TaskPushNotificationConfigWriter(Binding binding)
{
    public void Write(Utf8JsonWriter json, TaskPushNotificationConfig config)
    {
        json.WriteStartObject();
        if (binding == Binding.Http) json.WriteText("name"u8, ResourceName.Of(config.TaskId, config.Id));
        else json.WriteTextUnlessEmpty("taskId"u8, config.TaskId);
        json.WriteMessage("pushNotificationConfig"u8, config, WriteWebhook);
        json.WriteEndObject();
    }

    /// <summary>The request of the proto file that creates a webhook.</summary>
    public void WriteCreate(Utf8JsonWriter json, TaskPushNotificationConfig config)
    {
        json.WriteStartObject();
        json.WriteText("parent"u8, $"tasks/{config.TaskId}");
        json.WriteText("configId"u8, config.Id);
        json.WriteMessage("config"u8, config, Write);
        json.WriteEndObject();
    }

    /// <summary>A webhook without its task.</summary>
    public static void WriteWebhook(Utf8JsonWriter json, TaskPushNotificationConfig config)
    {
        json.WriteStartObject();
        json.WriteTextUnlessEmpty("id"u8, config.Id);
        json.WriteText("url"u8, config.Url);
        json.WriteTextUnlessEmpty("token"u8, config.Token);
        json.WriteMessage("authentication"u8, config.Authentication, Write);
        json.WriteEndObject();
    }

    /// <summary>JSON-RPC has no pages, only the list.</summary>
    public void Write(Utf8JsonWriter json, ListTaskPushNotificationConfigsResponse response)
    {
        if (binding == Binding.Http)
        {
            json.WriteStartObject();
            json.WriteList("configs"u8, response.Configs, Write);
            json.WriteTextUnlessEmpty("nextPageToken"u8, response.NextPageToken);
            json.WriteEndObject();
        }
        else
        {
            json.WriteStartArray();
            foreach (var config in response.Configs) Write(json, config);
            json.WriteEndArray();
        }
    }

    private static void Write(Utf8JsonWriter json, AuthenticationInfo authentication)
    {
        json.WriteStartObject();
        json.WriteStartArray("schemes"u8);
        json.WriteStringValue(authentication.Scheme);
        json.WriteEndArray();
        json.WriteTextUnlessEmpty("credentials"u8, authentication.Credentials);
        json.WriteEndObject();
    }
}
