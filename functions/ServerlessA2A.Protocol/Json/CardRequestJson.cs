using System.Text.Json;
using ServerlessA2A.Protocol.Cards;
using ServerlessA2A.Protocol.Json.Fields;

namespace ServerlessA2A.Protocol.Json;

internal static class CardRequestJson
{
    public static GetExtendedAgentCardRequest? Read(ref JsonInput json)
    {
        if (!json.StartObject()) return null;
        string? tenant = null;
        while (json.NextField())
        {
            if (json.Field is "tenant") tenant = json.TextUnlessEmpty();
            else json.Skip();
        }

        return new() { Tenant = tenant };
    }

    public static void Write(Utf8JsonWriter json, GetExtendedAgentCardRequest request)
    {
        json.WriteStartObject();
        json.WriteTextUnlessEmpty("tenant"u8, request.Tenant);
        json.WriteEndObject();
    }
}
