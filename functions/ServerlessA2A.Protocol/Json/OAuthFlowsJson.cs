using System.Text.Json;
using ServerlessA2A.Protocol.Json.Fields;
using ServerlessA2A.Protocol.Security;

namespace ServerlessA2A.Protocol.Json;

internal static class OAuthFlowsJson
{
    public static void Write(Utf8JsonWriter json, OAuthFlows flows)
    {
        json.WriteStartObject();
        json.WriteMessage("authorizationCode"u8, flows.AuthorizationCode, Write);
        json.WriteMessage("clientCredentials"u8, flows.ClientCredentials, Write);
        json.WriteMessage("implicit"u8, flows.Implicit, Write);
        json.WriteMessage("password"u8, flows.Password, Write);
        json.WriteMessage("deviceCode"u8, flows.DeviceCode, Write);
        json.WriteEndObject();
    }

    /// <summary>The available scopes, each with a description; written even if there are none.</summary>
    public static void WriteScopes(Utf8JsonWriter json, IReadOnlyDictionary<string, string>? scopes) =>
        json.WriteMap("scopes"u8, scopes, static (json, description) => json.WriteStringValue(description));

    private static void Write(Utf8JsonWriter json, AuthorizationCodeOAuthFlow flow)
    {
        json.WriteStartObject();
        json.WriteText("authorizationUrl"u8, flow.AuthorizationUrl);
        json.WriteText("tokenUrl"u8, flow.TokenUrl);
        json.WriteTextUnlessEmpty("refreshUrl"u8, flow.RefreshUrl);
        WriteScopes(json, flow.Scopes);
        json.WriteFlagIfTrue("pkceRequired"u8, flow.PkceRequired);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ClientCredentialsOAuthFlow flow)
    {
        json.WriteStartObject();
        json.WriteText("tokenUrl"u8, flow.TokenUrl);
        json.WriteTextUnlessEmpty("refreshUrl"u8, flow.RefreshUrl);
        WriteScopes(json, flow.Scopes);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ImplicitOAuthFlow flow)
    {
        json.WriteStartObject();
        json.WriteTextUnlessEmpty("authorizationUrl"u8, flow.AuthorizationUrl);
        json.WriteTextUnlessEmpty("refreshUrl"u8, flow.RefreshUrl);
        if (flow.Scopes is { Count: > 0 }) WriteScopes(json, flow.Scopes);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, PasswordOAuthFlow flow)
    {
        json.WriteStartObject();
        json.WriteTextUnlessEmpty("tokenUrl"u8, flow.TokenUrl);
        json.WriteTextUnlessEmpty("refreshUrl"u8, flow.RefreshUrl);
        if (flow.Scopes is { Count: > 0 }) WriteScopes(json, flow.Scopes);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, DeviceCodeOAuthFlow flow)
    {
        json.WriteStartObject();
        json.WriteText("deviceAuthorizationUrl"u8, flow.DeviceAuthorizationUrl);
        json.WriteText("tokenUrl"u8, flow.TokenUrl);
        json.WriteTextUnlessEmpty("refreshUrl"u8, flow.RefreshUrl);
        WriteScopes(json, flow.Scopes);
        json.WriteEndObject();
    }
}
