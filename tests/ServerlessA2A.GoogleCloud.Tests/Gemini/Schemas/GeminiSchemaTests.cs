using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using ServerlessA2A.FakeVertex;
using ServerlessA2A.GoogleCloud.Gemini.Schemas;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.GoogleCloud.Tests.Gemini.Schemas;

/// <summary>
/// What schemas become, one by one. That the service takes whatever comes is <see cref="GeminiSchemaRulesTests"/>' to show.
/// </summary>
public class GeminiSchemaTests
{
    private enum Size
    {
        Small,
        Large,
    }

    [Theory]
    // Types.
    [InlineData("""{"type":"string"}""", """{"type":"string"}""")]
    [InlineData("""{"type":["string","null"]}""", """{"type":["string","null"]}""")]
    [InlineData("""{"type":["null","string"]}""", """{"type":["string","null"]}""")]
    [InlineData("""{"type":"string","nullable":true}""", """{"type":["string","null"]}""")]
    [InlineData("""{"type":"null"}""", """{"type":["string","null"]}""")]
    [InlineData("""{"type":["string","integer"]}""", """{"anyOf":[{"type":"string"},{"type":"integer"}]}""")]
    [InlineData("""{"type":["string","integer","null"]}""", """{"anyOf":[{"type":"string"},{"type":"integer"},{"type":"null"}]}""")]
    [InlineData("""{"type":"unheard"}""", """{"type":"string"}""")]
    [InlineData("{}", """{"type":"string"}""")]
    [InlineData("true", """{"type":"string"}""")]
    [InlineData("""{"properties":{"a":{}}}""", """{"type":"object","properties":{"a":{"type":"string"}}}""")]
    [InlineData("""{"minimum":1}""", """{"type":"number","minimum":1}""")]
    // Words for people.
    [InlineData("""{"type":"string","title":"T","description":"D"}""", """{"type":"string","title":"T","description":"D"}""")]
    [InlineData("""{"type":"string","description":"D","default":"x","pattern":"^a$"}""", """{"type":"string","description":"D (default: \"x\"; pattern: \"^a$\")"}""")]
    [InlineData("""{"type":"integer","exclusiveMinimum":0}""", """{"type":"integer","description":"(exclusiveMinimum: 0)"}""")]
    [InlineData("""{"type":"string","format":"date-time"}""", """{"type":"string","format":"date-time"}""")]
    [InlineData("""{"type":"string","format":"uuid"}""", """{"type":"string","description":"(format: uuid)"}""")]
    [InlineData("""{"type":"number","format":"double"}""", """{"type":"number","description":"(format: double)"}""")]
    [InlineData("""{"type":"string","default":null,"examples":["a"],"$schema":"x","not":{},"if":{}}""", """{"type":"string"}""")]
    // Limits, on what they limit.
    [InlineData("""{"type":"integer","minimum":-1,"maximum":7.5}""", """{"type":"integer","minimum":-1,"maximum":7.5}""")]
    [InlineData("""{"type":"string","minimum":-1,"minItems":1}""", """{"type":"string"}""")]
    [InlineData("""{"type":"number","maximum":1e300}""", """{"type":"number","description":"(maximum: 1e300)"}""")]
    [InlineData("""{"type":"number","minimum":"1","maximum":null,"minItems":{}}""", """{"type":"number"}""")]
    // Arrays.
    [InlineData("""{"type":"array"}""", """{"type":"array","items":{"type":"string"}}""")]
    [InlineData("""{"type":"array","items":true}""", """{"type":"array","items":{"type":"string"}}""")]
    [InlineData("""{"type":"array","items":{"type":"array"},"minItems":1,"maxItems":2}""", """{"type":"array","items":{"type":"array","items":{"type":"string"}},"minItems":1,"maxItems":2}""")]
    [InlineData("""{"type":"array","prefixItems":[{"type":"string"},{"type":"integer"}]}""", """{"type":"array","items":{"anyOf":[{"type":"string"},{"type":"integer"}]}}""")]
    [InlineData("""{"type":"array","items":[{"type":"integer"}]}""", """{"type":"array","items":{"type":"integer"}}""")]
    [InlineData("""{"type":"string","items":{"type":"integer"}}""", """{"type":"string"}""")]
    // Objects.
    [InlineData("""{"type":"object"}""", """{"type":"object"}""")]
    [InlineData("""{"type":"object","properties":{},"required":["a"]}""", """{"type":"object"}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"integer"}},"required":["a","b",1,"a"]}""", """{"type":"object","properties":{"a":{"type":"integer"}},"required":["a"]}""")]
    [InlineData("""{"type":"string","properties":{"a":{}},"required":["a"]}""", """{"type":"string"}""")]
    [InlineData("""{"type":"object","properties":{"a":false,"b":true},"additionalProperties":false}""", """{"type":"object","properties":{"b":{"type":"string"}}}""")]
    [InlineData("""{"type":"object","additionalProperties":{"type":"object","additionalProperties":{"type":"integer"}}}""", """{"type":"object","additionalProperties":{"type":"object","additionalProperties":{"type":"integer"}}}""")]
    [InlineData("""{"type":"object","patternProperties":{"^x":{"type":"integer"}}}""", """{"type":"object","additionalProperties":{"type":"integer"}}""")]
    // Values.
    [InlineData("""{"enum":["red","green","red"]}""", """{"type":"string","enum":["red","green"]}""")]
    [InlineData("""{"type":"string","enum":["","a"]}""", """{"type":"string","enum":["a"],"description":"(may be empty)"}""")]
    [InlineData("""{"type":"string","enum":[""]}""", """{"type":"string","description":"(may be empty)"}""")]
    [InlineData("""{"type":["string","null"],"enum":["red",null]}""", """{"anyOf":[{"type":"string","enum":["red"]},{"type":"null"}]}""")]
    [InlineData("""{"type":"integer","enum":[1,2]}""", """{"type":"integer","description":"(one of [1,2])"}""")]
    [InlineData("""{"enum":[true]}""", """{"type":"boolean","description":"(one of [true])"}""")]
    [InlineData("""{"enum":["a",1]}""", """{"type":"string","description":"(one of [\"a\",1])"}""")]
    [InlineData("""{"const":"card"}""", """{"type":"string","enum":["card"]}""")]
    [InlineData("""{"const":null}""", """{"type":["string","null"]}""")]
    [InlineData("""{"enum":[]}""", """{"type":"string"}""")]
    // Alternatives.
    [InlineData("""{"anyOf":[{"type":"string"},{"type":"null"}]}""", """{"type":["string","null"]}""")]
    [InlineData("""{"oneOf":[{"type":"null"},{"type":"string"}]}""", """{"type":["string","null"]}""")]
    [InlineData("""{"anyOf":[{"type":"integer"}]}""", """{"type":"integer"}""")]
    [InlineData("""{"anyOf":[{"type":"string"},{"type":"string"}]}""", """{"type":"string"}""")]
    [InlineData("""{"anyOf":[{"anyOf":[{"type":"string"},{"type":"null"}]},{"type":"integer"}]}""", """{"anyOf":[{"type":"string"},{"type":"integer"},{"type":"null"}]}""")]
    [InlineData("""{"description":"Whose.","anyOf":[{"type":"string","description":"A name."},{"type":"integer"}]}""", """{"anyOf":[{"type":"string","description":"A name."},{"type":"integer","description":"Whose."}]}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}},"anyOf":[{"required":["a"]},{"required":["b"]}]}""", """{"anyOf":[{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}},"required":["a"]},{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}},"required":["b"]}]}""")]
    [InlineData("""{"anyOf":"a","oneOf":[],"allOf":{}}""", """{"type":"string"}""")]
    // All at once.
    [InlineData("""{"allOf":[{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]},{"properties":{"b":{"type":"integer"}},"required":["b"]}]}""", """{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"integer"}},"required":["a","b"]}""")]
    [InlineData("""{"allOf":[{"type":"number","minimum":1,"maximum":9},{"type":"integer","minimum":2,"maximum":8}],"description":"D"}""", """{"type":"integer","minimum":2,"maximum":8,"description":"D"}""")]
    [InlineData("""{"allOf":[{"enum":["a","b"]},{"enum":["b","c"]}]}""", """{"type":"string","enum":["b"]}""")]
    [InlineData("""{"allOf":[{"type":["string","null"]},{"description":"D"}]}""", """{"type":["string","null"],"description":"D"}""")]
    [InlineData("""{"allOf":[{"anyOf":[{"type":"string"},{"type":"integer"}]},{"description":"D"}]}""", """{"anyOf":[{"type":"string","description":"D"},{"type":"integer","description":"D"}]}""")]
    // References.
    [InlineData("""{"$ref":"#/$defs/a","$defs":{"a":{"type":"integer","description":"A."}},"description":"B."}""", """{"type":"integer","description":"B."}""")]
    [InlineData("""{"$ref":"#/definitions/a~1b~0c","definitions":{"a/b~c":{"type":"integer"}}}""", """{"type":"integer"}""")]
    [InlineData("""{"anyOf":[{"$ref":"#/$defs/a"},{"type":"null"}],"$defs":{"a":{"type":"integer"}}}""", """{"type":["integer","null"]}""")]
    [InlineData("""{"allOf":[{"$ref":"#/$defs/a"}],"$defs":{"a":{"type":"integer"}}}""", """{"type":"integer"}""")]
    [InlineData("""{"properties":{"a":{"$ref":"#/$defs/nowhere"},"b":{"$ref":"other.json#/a"},"c":{"$ref":7}}}""", """{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"},"c":{"type":"string"}}}""")]
    // References to a schema around them: there is the type and no more.
    [InlineData("""{"$ref":"#"}""", """{"type":"string"}""")]
    [InlineData("""{"anyOf":[{"$ref":"#"},{"type":"integer"}]}""", """{"anyOf":[{"type":"integer","description":"(of the same form as a value around it)"},{"type":"integer"}]}""")]
    [InlineData("""{"$ref":"#/$defs/a","$defs":{"a":{"type":"object","properties":{"next":{"$ref":"#/$defs/a"},"all":{"type":"array","items":{"$ref":"#/$defs/a"}}},"required":["next"]}}}""", """{"type":"object","properties":{"next":{"type":"object","description":"(of the same form as a value around it)"},"all":{"type":"array","items":{"type":"object","description":"(of the same form as a value around it)"}}},"required":["next"]}""")]
    [InlineData("""{"$ref":"#/$defs/a","$defs":{"a":{"type":"array","items":{"$ref":"#/$defs/a"}}}}""", """{"type":"array","items":{"type":"array","items":{"type":"array","items":{"type":"string"}},"description":"(of the same form as a value around it)"}}""")]
    [InlineData("""{"$ref":"#/$defs/a","$defs":{"a":{"properties":{"b":{"anyOf":[{"$ref":"#/$defs/a"},{"type":"null"}]}}}}}""", """{"type":"object","properties":{"b":{"type":["object","null"],"description":"(of the same form as a value around it)"}}}""")]
    [InlineData("""{"type":"object","properties":{"next":{"$ref":"#"}}}""", """{"type":"object","properties":{"next":{"type":"object","description":"(of the same form as a value around it)"}}}""")]
    public void ASchemaBecomesOneThatTheServiceTakes(string schema, string expected) =>
        AssertEqual(expected, GeminiSchema.OfAnswer(Properties.Parse(schema)));

    [Theory]
    [InlineData("""{"type":"integer","format":"int64"}""", """{"type":"string","description":"(a whole number, in decimal digits)"}""")]
    [InlineData("""{"type":["integer","null"],"format":"uint64","description":"Whose."}""", """{"type":["string","null"],"description":"Whose. (a whole number, in decimal digits)"}""")]
    [InlineData("""{"type":"integer","minimum":1,"maximum":9223372036854775807}""", """{"type":"string","description":"(a whole number, in decimal digits; minimum: 1; maximum: 9223372036854775807)"}""")]
    [InlineData("""{"type":"array","items":{"type":"integer","format":"int64"}}""", """{"type":"array","items":{"type":"string","description":"(a whole number, in decimal digits)"}}""")]
    [InlineData("""{"type":"integer","format":"int32"}""", """{"type":"integer","description":"(format: int32)"}""")]
    [InlineData("""{"type":"integer","minimum":-9007199254740991,"maximum":9007199254740991}""", """{"type":"integer","minimum":-9007199254740991,"maximum":9007199254740991}""")]
    public void AnIntegerOf64BitsIsTextInParametersAndANumberInAnswers(string schema, string expected)
    {
        var parameters = GeminiSchema.OfParameters(Properties.Parse($$"""{"type":"object","properties":{"a":{{schema}} } }"""))!;

        AssertEqual(expected, parameters["properties"]!["a"]!);
        Assert.DoesNotContain("decimal digits", GeminiSchema.OfAnswer(Properties.Parse(schema)).ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", null)]
    [InlineData("true", null)]
    [InlineData("""{"type":"object"}""", null)]
    [InlineData("""{"type":"object","properties":{}}""", null)]
    [InlineData("""{"type":"string"}""", null)]
    [InlineData("""{"type":["object","null"],"properties":{"a":{}}}""", """{"type":"object","properties":{"a":{"type":"string"}}}""")]
    [InlineData("""{"type":"object","additionalProperties":{"type":"integer"}}""", """{"type":"object","additionalProperties":{"type":"integer"}}""")]
    [InlineData("""{"anyOf":[{"type":"object","properties":{"a":{},"b":{}},"required":["a","b"]},{"type":"object","properties":{"b":{"type":"integer"},"c":{}},"required":["b"]},{"type":"null"}]}""", """{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"},"c":{"type":"string"}},"required":["b"]}""")]
    public void ParametersAreAnObjectOrNone(string schema, string? expected)
    {
        var parameters = GeminiSchema.OfParameters(Properties.Parse(schema));

        if (expected is null)
            Assert.Null(parameters);
        else
            AssertEqual(expected, parameters!);
    }

    [Fact]
    public void AMethodsParametersAreDescribed() => AssertEqual(
        """
        {"type":"object","properties":{
        "city":{"type":"string","description":"Which city."},"days":{"type":"integer"},"wind":{"type":["number","null"]},"detailed":{"type":"boolean","description":"(default: true)"},
        "size":{"anyOf":[{"type":"string","enum":["Small","Large"]},{"type":"null"}]},"when":{"type":"string","format":"date-time"}},
        "required":["city","days","wind","size","when"]}
        """,
        Of(([Description("Which city.")] string city, int days, double? wind, Size? size, DateTimeOffset when, bool detailed = true) =>
        city + days + wind + size + when + detailed));

    [Fact]
    public void AMethodsRecordThatRefersToItselfIsDescribedAndEnds()
    {
        var tree = Of((Tree tree) => tree.Name)["properties"]!["tree"]!;

        Assert.Equal("string", (string)tree["properties"]!["name"]!["type"]!);
        AssertEqual("""["name","left","right","others"]""", tree["required"]!);
        Assert.Equal(
            "object", tree["properties"]!["left"]!["type"] is JsonArray types ? (string)types[0]!
            : (string)tree["properties"]!["left"]!["type"]!);
        Assert.True(tree.ToJsonString().Length < 5_000, tree.ToJsonString());
    }

    [Fact]
    public void ATreeOfManyBranchesDoesNotGrowWithoutLimit()
    {
        // Ten levels of ten references to the next: ten thousand million values.
        var definitions = string.Join(',', Enumerable.Range(0, 10).Select(level =>
            $$"""
            "l{{level}}":{"type":"object","properties":{ {{string.Join(',', Enumerable.Range(0, 10).Select(i => $$"""
            "p{{i}}":{"$ref":"#/$defs/l{{level + 1}}"}
            """))}} } }
            """));

        var parameters = GeminiSchema.OfParameters(Properties.Parse($$"""{"$ref":"#/$defs/l0","$defs":{ {{definitions}} } }"""))!;

        Assert.Equal(10, parameters["properties"]!.AsObject().Count);
        Assert.True(parameters.ToJsonString().Length < 200_000);
        Assert.Null(SchemaRules.FaultOfParameters(JsonSerializer.SerializeToElement(parameters)));
    }

    private static JsonObject Of(Delegate method) => GeminiSchema.OfParameters(AIFunctionFactory.Create(method).JsonSchema)!;

    private static void AssertEqual(string expected, JsonNode actual)
    {
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(actual.ToJsonString())),
            $"Expected {expected}\nbut got  {actual.ToJsonString()}");
    }

    private sealed record Tree(string Name, Tree? Left, Tree? Right, IReadOnlyList<Tree>? Others);
}
