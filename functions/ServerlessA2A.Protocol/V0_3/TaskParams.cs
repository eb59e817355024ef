using System.Text.Json;
using ServerlessA2A.Protocol.Json.Fields;

namespace ServerlessA2A.Protocol.V0_3;

/// <summary>The parameters of all 0.3 methods that name a task.</summary>
internal sealed record TaskParams(string Id, string? PushNotificationConfigId, int? HistoryLength, JsonElement? Metadata)
{
    public static TaskParams? Read(ref JsonInput json)
    {
        if (!json.StartObject()) return null;
        string? id = null, pushNotificationConfigId = null;
        int? historyLength = null;
        JsonElement? metadata = null;
        while (json.NextField())
        {
            switch (json.Field)
            {
                case "id": id = json.Text(); break;
                case "pushNotificationConfigId": pushNotificationConfigId = json.TextUnlessEmpty(); break;
                case "historyLength": historyLength = json.Integer(); break;
                case "metadata": metadata = json.Struct(); break;
                default: json.Skip(); break;
            }
        }

        return new(id!, pushNotificationConfigId, historyLength, metadata);
    }
}
