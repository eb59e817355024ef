using System.Text.Json;
using ServerlessA2A.Protocol.Json;
using ServerlessA2A.Protocol.Json.Fields;
using ServerlessA2A.Protocol.Security;

namespace ServerlessA2A.Protocol.V0_3;

/// <summary>
/// A security scheme of 0.3 over JSON-RPC. Every scheme has a <c>type</c>: if the first one lacks it, clients of 0.3 take the card for one
/// of the proto file.
/// </summary>
internal static class SchemeFields
{
    public static void Write(Utf8JsonWriter json, SecurityScheme scheme)
    {
        switch (scheme)
        {
            case { ApiKeySecurityScheme: { } key }:
                Start(json, "apiKey", key.Description);
                json.WriteTextUnlessEmpty("name"u8, key.Name);
                json.WriteTextUnlessEmpty("in"u8, key.Location);
                break;
            case { HttpAuthSecurityScheme: { } http }:
                Start(json, "http", http.Description);
                json.WriteTextUnlessEmpty("scheme"u8, http.Scheme);
                json.WriteTextUnlessEmpty("bearerFormat"u8, http.BearerFormat);
                break;
            case { Oauth2SecurityScheme: { } oauth2 }:
                Start(json, "oauth2", oauth2.Description);
                json.WriteMessage("flows"u8, oauth2.Flows, WriteFlows);
                json.WriteTextUnlessEmpty("oauth2MetadataUrl"u8, oauth2.Oauth2MetadataUrl);
                break;
            case { OpenIdConnectSecurityScheme: { } openId }:
                Start(json, "openIdConnect", openId.Description);
                json.WriteTextUnlessEmpty("openIdConnectUrl"u8, openId.OpenIdConnectUrl);
                break;
            case { MtlsSecurityScheme: { } mutualTls }:
                Start(json, "mutualTLS", mutualTls.Description);
                break;
            default:
                throw new InvalidOperationException("A security scheme of the card has no member set.");
        }
    }

    private static void Start(Utf8JsonWriter json, string type, string? description)
    {
        json.WriteText("type"u8, type);
        json.WriteTextUnlessEmpty("description"u8, description);
    }

    private static void WriteFlows(Utf8JsonWriter json, OAuthFlows flows)
    {
        json.WriteStartObject();
        if (flows.AuthorizationCode is { } code)
            WriteFlow(json, "authorizationCode"u8, code.AuthorizationUrl, code.TokenUrl, code.RefreshUrl, code.Scopes);
        if (flows.ClientCredentials is { } own) WriteFlow(json, "clientCredentials"u8, null, own.TokenUrl, own.RefreshUrl, own.Scopes);
        if (flows.Implicit is { } simple) WriteFlow(json, "implicit"u8, simple.AuthorizationUrl, null, simple.RefreshUrl, simple.Scopes);
        if (flows.Password is { } password) WriteFlow(json, "password"u8, null, password.TokenUrl, password.RefreshUrl, password.Scopes);
        json.WriteEndObject();
    }

    private static void WriteFlow(
        Utf8JsonWriter json,
        ReadOnlySpan<byte> name,
        string? authorizationUrl,
        string? tokenUrl,
        string? refreshUrl,
        IReadOnlyDictionary<string, string>? scopes)
    {
        json.WriteStartObject(name);
        json.WriteTextUnlessEmpty("authorizationUrl"u8, authorizationUrl);
        json.WriteTextUnlessEmpty("tokenUrl"u8, tokenUrl);
        json.WriteTextUnlessEmpty("refreshUrl"u8, refreshUrl);
        OAuthFlowsJson.WriteScopes(json, scopes ?? new Dictionary<string, string>());
        json.WriteEndObject();
    }
}
