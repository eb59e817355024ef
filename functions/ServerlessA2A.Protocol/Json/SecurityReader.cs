using ServerlessA2A.Protocol.Json.Fields;
using ServerlessA2A.Protocol.Security;

namespace ServerlessA2A.Protocol.Json;

/// <summary>
/// Reads the security members of a card: in the form of 1.0 (<c>{"httpAuthSecurityScheme":{…}}</c>) and in that of OpenAPI, which 0.3 has
/// over JSON-RPC (<c>{"type":"http",…}</c>).
/// </summary>
internal static class SecurityReader
{
    /// <summary>A scheme. One of an unknown kind has no member set.</summary>
    public static SecurityScheme? ReadScheme(ref JsonInput json)
    {
        if (!json.StartObject()) return null;
        SecurityScheme? wrapped = null;
        string? type = null, description = null, name = null, location = null, scheme = null, bearerFormat = null, openIdUrl = null;
        string? metadataUrl = null;
        OAuthFlows? flows = null;
        while (json.NextField())
        {
            switch (json.Field)
            {
                case "apiKeySecurityScheme": wrapped = Kind("apiKey", ReadScheme(ref json)) ?? wrapped; break;
                case "httpAuthSecurityScheme": wrapped = Kind("http", ReadScheme(ref json)) ?? wrapped; break;
                case "oauth2SecurityScheme": wrapped = Kind("oauth2", ReadScheme(ref json)) ?? wrapped; break;
                case "openIdConnectSecurityScheme": wrapped = Kind("openIdConnect", ReadScheme(ref json)) ?? wrapped; break;
                case "mtlsSecurityScheme": wrapped = Kind("mutualTLS", ReadScheme(ref json)) ?? wrapped; break;
                case "type": type = json.Text(); break;
                case "description": description = json.TextUnlessEmpty(); break;
                case "name": name = json.Text(); break;
                case "in" or "location": location = json.Text() ?? location; break;
                case "scheme": scheme = json.Text(); break;
                case "bearerFormat": bearerFormat = json.TextUnlessEmpty(); break;
                case "flows": flows = ReadFlows(ref json); break;
                case "openIdConnectUrl": openIdUrl = json.Text(); break;
                case "oauth2MetadataUrl": metadataUrl = json.TextUnlessEmpty(); break;
                default: json.Skip(); break;
            }
        }

        if (wrapped is not null) return wrapped;
        // Inside of a member that names its kind, a scheme has none: every kind that its members could be is read, and one is chosen.
        return new()
        {
            ApiKeySecurityScheme = type is null or "apiKey"
                ? new() { Description = description, Location = location ?? "", Name = name ?? "" } : null,
            HttpAuthSecurityScheme = type is null or "http"
                ? new() { Description = description, Scheme = scheme ?? "", BearerFormat = bearerFormat } : null,
            Oauth2SecurityScheme = type is null or "oauth2"
                ? new() { Description = description, Flows = flows ?? new(), Oauth2MetadataUrl = metadataUrl } : null,
            OpenIdConnectSecurityScheme = type is null or "openIdConnect"
                ? new() { Description = description, OpenIdConnectUrl = openIdUrl ?? "" } : null,
            MtlsSecurityScheme = type is null or "mutualTLS" ? new() { Description = description } : null,
        };
    }

    /// <summary>
    /// Schemes that are required together: <c>{"schemes":{"name":{"list":[…]}}}</c> in 1.0, <c>{"name":[…]}</c> in 0.3.
    /// </summary>
    public static SecurityRequirement? ReadRequirement(ref JsonInput json)
    {
        if (!json.StartObject()) return null;
        var schemes = new Dictionary<string, StringList>();
        while (json.NextKey(out var name))
        {
            if (json.IsArray) schemes[name] = new() { List = json.Strings() };
            else if (name == "schemes") schemes = json.Map(ReadScopes) ?? schemes;
            else json.Skip();
        }

        return new() { Schemes = schemes };
    }

    private static SecurityScheme? Kind(string kind, SecurityScheme? read) => read is null ? null : new()
    {
        ApiKeySecurityScheme = kind == "apiKey" ? read.ApiKeySecurityScheme : null,
        HttpAuthSecurityScheme = kind == "http" ? read.HttpAuthSecurityScheme : null,
        Oauth2SecurityScheme = kind == "oauth2" ? read.Oauth2SecurityScheme : null,
        OpenIdConnectSecurityScheme = kind == "openIdConnect" ? read.OpenIdConnectSecurityScheme : null,
        MtlsSecurityScheme = kind == "mutualTLS" ? read.MtlsSecurityScheme : null,
    };

    private static StringList? ReadScopes(ref JsonInput json)
    {
        if (json.IsArray) return new() { List = json.Strings() };
        if (!json.StartObject()) return null;
        List<string>? list = null;
        while (json.NextField())
        {
            if (json.Field is "list") list = json.Strings();
            else json.Skip();
        }

        return new() { List = list };
    }

    private static OAuthFlows? ReadFlows(ref JsonInput json)
    {
        if (!json.StartObject()) return null;
        Flow? code = null, client = null, simple = null, password = null, device = null;
        while (json.NextField())
        {
            switch (json.Field)
            {
                case "authorizationCode": code = ReadFlow(ref json); break;
                case "clientCredentials": client = ReadFlow(ref json); break;
                case "implicit": simple = ReadFlow(ref json); break;
                case "password": password = ReadFlow(ref json); break;
                case "deviceCode": device = ReadFlow(ref json); break;
                default: json.Skip(); break;
            }
        }

        return new()
        {
            AuthorizationCode = code is null ? null : new()
            {
                AuthorizationUrl = code.AuthorizationUrl ?? "",
                TokenUrl = code.TokenUrl ?? "",
                RefreshUrl = code.RefreshUrl,
                Scopes = code.Scopes,
                PkceRequired = code.PkceRequired,
            },
            ClientCredentials = client is null ? null
                : new() { TokenUrl = client.TokenUrl ?? "", RefreshUrl = client.RefreshUrl, Scopes = client.Scopes },
            Implicit = simple is null ? null
                : new() { AuthorizationUrl = simple.AuthorizationUrl, RefreshUrl = simple.RefreshUrl, Scopes = simple.Scopes },
            Password = password is null ? null
                : new() { TokenUrl = password.TokenUrl, RefreshUrl = password.RefreshUrl, Scopes = password.Scopes },
            DeviceCode = device is null ? null : new()
            {
                DeviceAuthorizationUrl = device.DeviceAuthorizationUrl ?? "",
                TokenUrl = device.TokenUrl ?? "",
                RefreshUrl = device.RefreshUrl,
                Scopes = device.Scopes,
            },
        };
    }

    private static Flow? ReadFlow(ref JsonInput json)
    {
        if (!json.StartObject()) return null;
        string? authorizationUrl = null, deviceAuthorizationUrl = null, tokenUrl = null, refreshUrl = null;
        var scopes = new Dictionary<string, string>();
        var pkceRequired = false;
        while (json.NextField())
        {
            switch (json.Field)
            {
                case "authorizationUrl": authorizationUrl = json.TextUnlessEmpty(); break;
                case "deviceAuthorizationUrl": deviceAuthorizationUrl = json.TextUnlessEmpty(); break;
                case "tokenUrl": tokenUrl = json.TextUnlessEmpty(); break;
                case "refreshUrl": refreshUrl = json.TextUnlessEmpty(); break;
                case "scopes": scopes = json.Map(static (ref JsonInput item) => item.Text()) ?? scopes; break;
                case "pkceRequired": pkceRequired = json.Flag() ?? false; break;
                default: json.Skip(); break;
            }
        }

        return new(authorizationUrl, deviceAuthorizationUrl, tokenUrl, refreshUrl, scopes, pkceRequired);
    }

    /// <summary>The members of all flows.</summary>
    private sealed record Flow(
        string? AuthorizationUrl,
        string? DeviceAuthorizationUrl,
        string? TokenUrl,
        string? RefreshUrl,
        IReadOnlyDictionary<string, string> Scopes,
        bool PkceRequired);
}
