using System.Text.Json;
using ServerlessA2A.Protocol.Json;
using ServerlessA2A.Protocol.Json.Fields;
using ServerlessA2A.Protocol.Security;

namespace ServerlessA2A.Protocol.V0_3;

/// <summary>
/// Writes the security members of a card of 0.3: over JSON-RPC in the form of OpenAPI, over HTTP+JSON in that of the proto file.
/// </summary>
/// <param name="binding">The binding.</param>
/// <param name="blended">Whether the members of 1.0 are written too.</param>
internal sealed class SecurityWriter(Binding binding, bool blended)
{
    public void WriteSchemes(Utf8JsonWriter json, IReadOnlyDictionary<string, SecurityScheme>? schemes)
    {
        var any = false;
        foreach (var (name, scheme) in schemes ?? new Dictionary<string, SecurityScheme>())
        {
            if (!blended && !IsKnown(scheme)) continue;
            if (!any) json.WriteStartObject("securitySchemes"u8);
            any = true;
            json.WritePropertyName(name);
            WriteScheme(json, scheme);
        }

        if (any) json.WriteEndObject();
    }

    public void WriteRequirements(Utf8JsonWriter json, IReadOnlyList<SecurityRequirement>? requirements) =>
        json.WriteListUnlessEmpty("security"u8, requirements, binding == Binding.Http ? WriteProto : Write);

    /// <summary>0.3 has no device code flow, and its readers fail on an OAuth scheme without a flow: such a scheme is omitted.</summary>
    private static bool IsKnown(SecurityScheme scheme) => scheme.Oauth2SecurityScheme?.Flows.DeviceCode is null;

    private static void Write(Utf8JsonWriter json, SecurityRequirement requirement)
    {
        json.WriteStartObject();
        foreach (var (name, scopes) in requirement.Schemes ?? new Dictionary<string, StringList>())
        {
            json.WritePropertyName(name);
            WriteScopes(json, scopes);
        }

        json.WriteEndObject();
    }

    /// <summary>Unlike in 1.0 an empty list is written.</summary>
    private static void WriteProto(Utf8JsonWriter json, SecurityRequirement requirement)
    {
        json.WriteStartObject();
        json.WriteStartObject("schemes"u8);
        foreach (var (name, scopes) in requirement.Schemes ?? new Dictionary<string, StringList>())
        {
            json.WriteStartObject(name);
            json.WritePropertyName("list"u8);
            WriteScopes(json, scopes);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteScopes(Utf8JsonWriter json, StringList scopes)
    {
        json.WriteStartArray();
        foreach (var scope in scopes.List ?? []) json.WriteStringValue(scope);
        json.WriteEndArray();
    }

    private void WriteScheme(Utf8JsonWriter json, SecurityScheme scheme)
    {
        if (binding == Binding.Http)
        {
            SecurityJson.Write(json, WithoutWhatIsNew(scheme));
            return;
        }

        json.WriteStartObject();
        SchemeFields.Write(json, scheme);
        if (blended) SecurityJson.WriteFields(json, scheme);
        json.WriteEndObject();
    }

    /// <summary>The form of 1.0 without the fields that 0.3's proto file lacks, because its strict readers reject them.</summary>
    private static SecurityScheme WithoutWhatIsNew(SecurityScheme scheme) =>
        scheme.Oauth2SecurityScheme is { Flows.AuthorizationCode: { } flow } oauth2
        ? scheme with { Oauth2SecurityScheme = oauth2 with { Flows = new() { AuthorizationCode = flow with { PkceRequired = false } } } }
        : scheme;
}
