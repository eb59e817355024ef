using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Chat.Contents;
using ServerlessA2A.Chat.Tools;
using ServerlessA2A.FakeVertex;
using ServerlessA2A.GoogleCloud.Gemini.Chat;
using ServerlessA2A.GoogleCloud.Gemini.Schemas;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.GoogleCloud.Tests.Gemini.Schemas;

/// <summary>Whatever schema comes, the service takes what becomes of it (<see cref="SchemaRules"/>).</summary>
public class GeminiSchemaRulesTests
{
    private static readonly System.Type[] Scalars =
    [
        typeof(string), typeof(int), typeof(long), typeof(ulong), typeof(double), typeof(decimal), typeof(bool), typeof(char), typeof(byte),
        typeof(Guid), typeof(Uri),
        typeof(DateOnly), typeof(DateTimeOffset), typeof(TimeSpan), typeof(DayOfWeek), typeof(byte[]), typeof(object), typeof(JsonElement),
        typeof(JsonNode),
        typeof(Address), typeof(Node), typeof(Tree), typeof(Shape), typeof(int?), typeof(DayOfWeek?), typeof(long?),
    ];

    private static readonly string[] Names = ["a", "b", "$ref", "x y", ""];

    /// <summary>Words with values that they may have, with values that they must not, and schemas within schemas.</summary>
    private static readonly string[] Words =
    [
        "\"type\":\"string\"", "\"type\":\"integer\"", "\"type\":\"number\"", "\"type\":\"array\"", "\"type\":\"object\"",
        "\"type\":\"null\"", "\"type\":\"boolean\"",
        "\"type\":[\"string\",\"null\"]", "\"type\":[\"object\",\"array\",\"null\"]", "\"type\":[]", "\"type\":7", "\"nullable\":true",
        "\"enum\":[]", "\"enum\":[\"\"]", "\"enum\":[\"a\",\"\"]", "\"enum\":[1,\"a\",null,{}]", "\"enum\":[null]", "\"enum\":7",
        "\"const\":\"a\"", "\"const\":null", "\"const\":1",
        "\"required\":[\"a\",\"z\"]", "\"required\":[]", "\"required\":7", "\"format\":\"date\"", "\"format\":\"int64\"", "\"format\":7",
        "\"pattern\":\"^a\"", "\"title\":\"T\"",
        "\"description\":\"D\"", "\"description\":7", "\"minimum\":1", "\"maximum\":9223372036854775807", "\"maximum\":1e400",
        "\"minimum\":\"1\"", "\"minItems\":1", "\"maxItems\":2.5",
        "\"minLength\":1", "\"default\":{\"$ref\":\"#\"}", "\"uniqueItems\":true", "\"additionalProperties\":true",
        "\"additionalProperties\":false", "\"items\":true", "\"items\":7",
        "\"$ref\":\"#\"", "\"$ref\":\"#/properties/a\"", "\"$ref\":\"#/$defs/a\"", "\"$ref\":\"#/anyOf/0\"", "\"$ref\":\"x\"", "\"$ref\":7",
        "\"if\":{}", "\"not\":{}",
    ];

    private static readonly string[] SchemaWords = ["items", "additionalProperties", "not"];
    private static readonly string[] ListWords = ["anyOf", "oneOf", "allOf", "prefixItems", "items"];
    private static readonly string[] MapWords = ["properties", "$defs", "patternProperties"];

    [Fact]
    public void ARandomSchemaBecomesOneThatTheServiceTakes() => Properties.Hold(
        Gen.Sized(size => SchemaOf(Math.Min(size / 4, 4))),
        text =>
        {
            var schema = Properties.Parse(text);

            var answer = GeminiSchema.OfAnswer(schema);
            Assert.True(SchemaRules.FaultOf(JsonSerializer.SerializeToElement(answer)) is null,
                $"{text}\n{answer.ToJsonString()}\n{SchemaRules.FaultOf(JsonSerializer.SerializeToElement(answer))}");
            AssertIsTaken(GeminiSchema.OfParameters(schema), text);
        },
        times: 2_000);

    [Fact]
    public void TheSchemaOfAnyParametersBecomesOneThatTheServiceTakes() => Properties.Hold(
        TypeOf(3).ListOf(1, 3),
        types =>
        {
            // As the registered tool's: a record of these, since a method cannot be made up.
            foreach (var type in types)
            {
                var schema = AIJsonUtilities.CreateJsonSchema(type, serializerOptions: ChatJson.Options);
                AssertIsTaken(
                    GeminiSchema.OfParameters(
                    new JsonObject
                    {
                        ["type"] = "object",
                        ["properties"] = new JsonObject { ["p"] = JsonNode.Parse(schema.GetRawText()) },
                        ["required"] = new JsonArray("p")
                    }.Deserialize<JsonElement>()), type.ToString());
                var answer = JsonSerializer.SerializeToElement(GeminiSchema.OfAnswer(schema));
                Assert.True(SchemaRules.FaultOf(answer) is null, $"{type}\n{schema}\n{answer}");
            }
        },
        times: 200);

    [Fact]
    public void TheSchemaOfATypeBecomesTheSameAgain() => Properties.Hold(
        TypeOf(2),
        type =>
        {
            var once = GeminiSchema.OfAnswer(AIJsonUtilities.CreateJsonSchema(type, serializerOptions: ChatJson.Options));

            Assert.Equal(once.ToJsonString(), GeminiSchema.OfAnswer(JsonSerializer.SerializeToElement(once)).ToJsonString());
        },
        times: 100);

    [Fact]
    public void AToolWithAllKindsOfParametersIsTaken()
    {
        using var services = new ServiceCollection().AddAgentTool(
            (Dictionary<string, Dictionary<string, long>> nested, Tree tree, List<Node> nodes, object[] any, JsonElement json, Shape shape,
            (int, string) pair, long? id, ToolContext tool) => 1, "all").BuildServiceProvider();
        var tool = services.GetRequiredService<AIFunction>();

        var parameters = GeminiSchema.OfParameters(tool.JsonSchema)!;

        AssertIsTaken(parameters, tool.JsonSchema.GetRawText());
        Assert.Equal("string", (string)parameters["properties"]!["nested"]!["additionalProperties"]!["additionalProperties"]!["type"]!);
        Assert.Equal(
            ["nested", "tree", "nodes", "any", "json", "shape", "pair", "id"], parameters["properties"]!.AsObject()
            .Select(property => property.Key));
    }

    private static void AssertIsTaken(JsonObject? parameters, string of)
    {
        if (parameters is null)
            return;
        var fault = SchemaRules.FaultOfParameters(JsonSerializer.SerializeToElement(parameters));
        Assert.True(fault is null, $"{of}\n{parameters.ToJsonString()}\n{fault}");
        // It can be sent, and what reads it does not stop at its depth.
        Google.Protobuf.WellKnownTypes.Value.Parser.ParseFrom(
            Google.Protobuf.MessageExtensions.ToByteArray(StructJson.ToValue(JsonSerializer.SerializeToElement(parameters))));
    }

    private static Gen<System.Type> TypeOf(int depth) => depth == 0
        ? Gen.Elements(Scalars)
        : Gen.OneOf(
            Gen.Elements(Scalars),
            TypeOf(depth - 1).Select(type => type.MakeArrayType()),
            TypeOf(depth - 1).Select(type => typeof(IReadOnlyList<>).MakeGenericType(type)),
            TypeOf(depth - 1).Select(type => typeof(Dictionary<,>).MakeGenericType(typeof(string), type)),
            TypeOf(depth - 1).Select(type => typeof(Pair<>).MakeGenericType(type)));

    private static Gen<string> SchemaOf(int depth) =>
        from words in Gen.Elements(Words).ListOf(0, 4)
        from more in depth == 0 ? Gen.Constant<IReadOnlyList<string>>([]) : WordOf(depth).ListOf(0, 2)
        select $"{{{string.Join(',', words.Concat(more).DistinctBy(word => word.Split(':')[0]))}}}";

    private static Gen<string> WordOf(int depth) => Gen.OneOf(
        from word in Gen.Elements(SchemaWords) from schema in SchemaOf(depth - 1) select $"\"{word}\":{schema}",
        from word in Gen.Elements(ListWords)
        from schemas in SchemaOf(depth - 1)
        .ListOf(0, 3)
        select $"\"{word}\":[{string.Join(',', schemas)}]",
        from word in Gen.Elements(MapWords)
        from names in Gen.Elements(Names).ListOf(0, 3)
        from schemas in SchemaOf(depth - 1).ArrayOf(3)
        select $"\"{word}\":{{{string.Join(',', names.Distinct().Zip(schemas, (name, schema) => $"\"{name}\":{schema}"))}}}");

    private sealed record Address(string Street, string? Zip, long Number);

    private sealed record Node(string Name, Node Next);

    private sealed record Tree(string Name, Tree? Left, Dictionary<string, Tree> Named, IReadOnlyList<Tree>? Others);

    private sealed record Pair<T>(T First, T? Second, IReadOnlyList<T> Others, Pair<T>? Next);

    [System.Text.Json.Serialization.JsonPolymorphic]
    [System.Text.Json.Serialization.JsonDerivedType(typeof(Circle), "circle")]
    [System.Text.Json.Serialization.JsonDerivedType(typeof(Group), "group")]
    private abstract record Shape;

    private sealed record Circle(double Radius) : Shape;

    private sealed record Group(IReadOnlyList<Shape> Shapes) : Shape;
}
