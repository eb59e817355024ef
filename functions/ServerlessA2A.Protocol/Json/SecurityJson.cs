using System.Text.Json;
using ServerlessA2A.Protocol.Json.Fields;
using ServerlessA2A.Protocol.Security;

namespace ServerlessA2A.Protocol.Json;

/// <summary>The security members of a card.</summary>
internal static class SecurityJson
{
    public static void Write(Utf8JsonWriter json, SecurityRequirement requirement)
    {
        json.WriteStartObject();
        json.WriteMapUnlessEmpty("schemes"u8, requirement.Schemes, Write);
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, SecurityScheme scheme)
    {
        json.WriteStartObject();
        WriteFields(json, scheme);
        json.WriteEndObject();
    }

    public static void WriteFields(Utf8JsonWriter json, SecurityScheme scheme)
    {
        json.WriteMessage("apiKeySecurityScheme"u8, scheme.ApiKeySecurityScheme, Write);
        json.WriteMessage("httpAuthSecurityScheme"u8, scheme.HttpAuthSecurityScheme, Write);
        json.WriteMessage("oauth2SecurityScheme"u8, scheme.Oauth2SecurityScheme, Write);
        json.WriteMessage("openIdConnectSecurityScheme"u8, scheme.OpenIdConnectSecurityScheme, Write);
        json.WriteMessage("mtlsSecurityScheme"u8, scheme.MtlsSecurityScheme, Write);
    }

    private static void Write(Utf8JsonWriter json, StringList strings)
    {
        json.WriteStartObject();
        json.WriteStringsUnlessEmpty("list"u8, strings.List);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ApiKeySecurityScheme scheme)
    {
        json.WriteStartObject();
        json.WriteTextUnlessEmpty("description"u8, scheme.Description);
        json.WriteText("location"u8, scheme.Location);
        json.WriteText("name"u8, scheme.Name);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, HttpAuthSecurityScheme scheme)
    {
        json.WriteStartObject();
        json.WriteTextUnlessEmpty("description"u8, scheme.Description);
        json.WriteText("scheme"u8, scheme.Scheme);
        json.WriteTextUnlessEmpty("bearerFormat"u8, scheme.BearerFormat);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, OAuth2SecurityScheme scheme)
    {
        json.WriteStartObject();
        json.WriteTextUnlessEmpty("description"u8, scheme.Description);
        json.WriteMessage("flows"u8, scheme.Flows, OAuthFlowsJson.Write);
        json.WriteTextUnlessEmpty("oauth2MetadataUrl"u8, scheme.Oauth2MetadataUrl);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, OpenIdConnectSecurityScheme scheme)
    {
        json.WriteStartObject();
        json.WriteTextUnlessEmpty("description"u8, scheme.Description);
        json.WriteText("openIdConnectUrl"u8, scheme.OpenIdConnectUrl);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, MutualTlsSecurityScheme scheme)
    {
        json.WriteStartObject();
        json.WriteTextUnlessEmpty("description"u8, scheme.Description);
        json.WriteEndObject();
    }
}
