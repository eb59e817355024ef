using System.Text.Json;
using Google.Cloud.AIPlatform.V1;
using Google.Protobuf;
using ServerlessA2A.FakeVertex.Protocol;
using Value = Google.Protobuf.WellKnownTypes.Value;

namespace ServerlessA2A.FakeVertex;

/// <summary>JSON Schemas in a request, which the package has no properties for.</summary>
public static class JsonSchemas
{
    /// <summary>A function's parameters (parameters_json_schema); null where it has none.</summary>
    public static JsonElement? ParametersSchema(this FunctionDeclaration function) => ToJson(NewFields.Read(function, 5));

    /// <summary>What an answer must satisfy (response_json_schema); null for anything.</summary>
    public static JsonElement? AnswerSchema(this GenerationConfig config) => ToJson(NewFields.Read(config, 28));

    private static JsonElement? ToJson(ByteString? value) => value is null
        ? null
        : JsonSerializer.Deserialize<JsonElement>(JsonFormatter.Default.Format(Value.Parser.ParseFrom(value)));
}
