using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServerlessA2A.Protocol.Json;

/// <summary>A role by its name; read by its number too.</summary>
internal sealed class RoleConverter : JsonConverter<Role>
{
    public override bool HandleNull => true;

    public override Role Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        EnumToken.Read<Role>(ref reader, RoleNames.TryParse, "must be ROLE_USER or ROLE_AGENT");

    public override void Write(Utf8JsonWriter writer, Role value, JsonSerializerOptions options) =>
        writer.WriteStringValue(RoleNames.ToName(value));
}
