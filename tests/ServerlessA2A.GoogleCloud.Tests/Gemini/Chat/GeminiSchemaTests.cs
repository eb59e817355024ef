using System.ComponentModel;
using Google.Cloud.AIPlatform.V1;
using Google.Protobuf;
using Microsoft.Extensions.AI;
using ServerlessA2A.GoogleCloud.Gemini.Chat;
using Type = Google.Cloud.AIPlatform.V1.Type;
using Value = Google.Protobuf.WellKnownTypes.Value;

namespace ServerlessA2A.GoogleCloud.Tests.Gemini.Chat;

public class GeminiSchemaTests
{
    private const int AnyOfField = 11;

    private enum Size
    {
        Small,
        Large,
    }

    [Theory]
    [InlineData("string", Type.String)]
    [InlineData("number", Type.Number)]
    [InlineData("integer", Type.Integer)]
    [InlineData("boolean", Type.Boolean)]
    [InlineData("array", Type.Array)]
    [InlineData("object", Type.Object)]
    [InlineData("unheard", Type.Unspecified)]
    public void ATypeHasItsCounterpart(string name, Type type) => Assert.Equal(new OpenApiSchema { Type = type }, From($$"""{"type":"{{name}}"}"""));

    [Fact]
    public void WhatDescribesIsKept() => Assert.Equal(
        new OpenApiSchema { Type = Type.String, Title = "T", Description = "D", Format = "date-time", Pattern = "^a$" },
        From("""{"type":"string","title":"T","description":"D","format":"date-time","pattern":"^a$"}"""));

    [Fact]
    public void LimitsAreKept() => Assert.Equal(
        new OpenApiSchema { MinItems = 1, MaxItems = 2, MinLength = 3, MaxLength = 4, MinProperties = 5, MaxProperties = 6, Minimum = -0.5, Maximum = 7.5 },
        From("""{"minItems":1,"maxItems":2,"minLength":3,"maxLength":4,"minProperties":5,"maxProperties":6,"minimum":-0.5,"maximum":7.5}"""));

    [Theory]
    [InlineData("""{"type":["string","null"]}""")]
    [InlineData("""{"type":["null","string"]}""")]
    [InlineData("""{"anyOf":[{"type":"string"},{"type":"null"}]}""")]
    [InlineData("""{"anyOf":[{"type":"null"},{"type":"string"}]}""")]
    [InlineData("""{"oneOf":[{"type":"string"},{"type":"null"}]}""")]
    public void WhatMayBeNullIsNullable(string schema) => Assert.Equal(new OpenApiSchema { Type = Type.String, Nullable = true }, From(schema));

    [Fact]
    public void OfSeveralTypesTheFirstCounts() => Assert.Equal(
        new OpenApiSchema { Type = Type.Integer, Nullable = true }, From("""{"type":["null","integer","string"]}"""));

    [Fact]
    public void AnAlternativeToNullKeepsWhatStandsBesideIt()
    {
        var schema = From("""{"description":"Whose.","anyOf":[{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]},{"type":"null"}]}""");

        Assert.Equal(
            new OpenApiSchema
            {
                Description = "Whose.",
                Type = Type.Object,
                Nullable = true,
                Properties = { ["a"] = new OpenApiSchema { Type = Type.String } },
                Required = { "a" },
            },
            schema);
    }

    [Theory]
    [InlineData("anyOf", false)]
    [InlineData("oneOf", false)]
    [InlineData("anyOf", true)]
    public void SeveralAlternativesAreListed(string word, bool orNull)
    {
        var schema = From($$"""{"{{word}}":[{"type":"string","enum":["a"]},{"type":"integer"}{{(orNull ? ",{\"type\":\"null\"}" : "")}}]}""")!;

        Assert.Equal([new OpenApiSchema { Type = Type.String, Enum = { "a" }, Nullable = orNull }, new OpenApiSchema { Type = Type.Integer, Nullable = orNull }], ChoicesOf(schema));
        HasNothingBesideItsChoices(schema);
    }

    [Fact]
    public void WhatIsSaidOfSeveralAlternativesIsSaidOfEach()
    {
        var schema = From("""{"title":"T","description":"Whose.","default":1,"anyOf":[{"type":"string","description":"A name."},{"type":"integer"},{}]}""")!;

        Assert.Equal(
            [
                new OpenApiSchema { Type = Type.String, Description = "A name." },
                new OpenApiSchema { Type = Type.Integer, Description = "Whose." },
                new OpenApiSchema { Type = Type.String, Description = "Whose." },
            ],
            ChoicesOf(schema));
        HasNothingBesideItsChoices(schema);
    }

    [Fact]
    public void BesideAReferenceToSeveralAlternativesNothingStandsEither()
    {
        var schema = From("""{"description":"D","$ref":"#/$defs/a","$defs":{"a":{"anyOf":[{"type":"string"},{"type":"integer"}]}}}""")!;

        Assert.Equal([new OpenApiSchema { Type = Type.String }, new OpenApiSchema { Type = Type.Integer }], ChoicesOf(schema));
        HasNothingBesideItsChoices(schema);
    }

    [Fact]
    public void ObjectsHavePropertiesAndArraysItems() => Assert.Equal(
        new OpenApiSchema
        {
            Type = Type.Object,
            Properties =
            {
                ["list"] = new OpenApiSchema { Type = Type.Array, Items = new OpenApiSchema { Type = Type.Array, Items = new OpenApiSchema { Type = Type.Number } } },
                ["free"] = new OpenApiSchema { Type = Type.String },
            },
            Required = { "list", "free" },
        },
        From("""
            {"type":"object","properties":{"list":{"type":"array","items":{"type":"array","items":{"type":"number"}}},"free":{}},"required":["list","free"]}
            """));

    [Fact]
    public void WhatHasPropertiesIsAnObject() => Assert.Equal(Type.Object, From("""{"properties":{}}""")!.Type);

    [Theory]
    [InlineData("true")]
    [InlineData("false")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"string\"")]
    public void WhatIsNoObjectSaysNothing(string schema) => Assert.Null(From(schema));

    [Fact]
    public void WhereAnythingIsAllowedTextIsSinceTheServiceWantsAType()
    {
        var schema = From("""{"type":"object","properties":{"any":true},"items":true,"required":["any"]}""")!;

        Assert.Equal(new OpenApiSchema { Type = Type.String }, schema.Properties["any"]);
        Assert.Equal(new OpenApiSchema { Type = Type.String }, schema.Items);
        Assert.Equal(["any"], schema.Required);
    }

    [Fact]
    public void AnEnumerationOfTextsIsListed() =>
        Assert.Equal(new OpenApiSchema { Type = Type.String, Enum = { "red", "green" } }, From("""{"enum":["red","green"]}"""));

    [Fact]
    public void AnEnumerationWithNullIsListedWithoutItAndNullable() => Assert.Equal(
        new OpenApiSchema { Type = Type.String, Nullable = true, Enum = { "red", "green" } },
        From("""{"type":["string","null"],"enum":["red","green",null]}"""));

    [Fact]
    public void AnEnumerationOfNumbersCannotBeListed() => Assert.Equal(new OpenApiSchema { Type = Type.Integer }, From("""{"type":"integer","enum":[1,2]}"""));

    [Fact]
    public void AConstantIsAnEnumerationOfOne()
    {
        Assert.Equal(new OpenApiSchema { Type = Type.String, Enum = { "card" } }, From("""{"const":"card"}"""));
        Assert.Equal(new OpenApiSchema { Type = Type.Integer }, From("""{"type":"integer","const":1}"""));
    }

    [Theory]
    [InlineData("1.5")]
    [InlineData("\"a\"")]
    [InlineData("null")]
    [InlineData("""{"a":[true]}""")]
    public void ADefaultIsKept(string value) => Assert.Equal(StructJson.ToValue(Properties.Parse(value)), From($$"""{"default":{{value}}}""")!.Default);

    [Fact]
    public void WithoutADefaultThereIsNone() => Assert.Null(From("{}")!.Default);

    [Theory]
    [InlineData("#/$defs/city", "$defs", "city")]
    [InlineData("#/definitions/city", "definitions", "city")]
    [InlineData("#/$defs/a~1b", "$defs", "a/b")]
    [InlineData("#/$defs/a~0b", "$defs", "a~b")]
    [InlineData("#/$defs/a~01b", "$defs", "a~1b")]
    public void AReferenceIsFollowed(string reference, string section, string name) => Assert.Equal(
        new OpenApiSchema { Type = Type.Object, Properties = { ["city"] = new OpenApiSchema { Type = Type.String, MinLength = 1 } } },
        From($$$"""{"type":"object","properties":{"city":{"$ref":"{{{reference}}}"}},"{{{section}}}":{"{{{name}}}":{"type":"string","minLength":1} } }"""));

    [Fact]
    public void WhatStandsBesideAReferenceIsKept() => Assert.Equal(
        new OpenApiSchema { Description = "Where to.", Type = Type.String },
        From("""{"properties":{"to":{"description":"Where to.","$ref":"#/$defs/city"}},"$defs":{"city":{"description":"A city.","type":"string"}}}""")!.Properties["to"]);

    [Theory]
    [InlineData("#/$defs/unknown")]
    [InlineData("#/$defs/city/type/deeper")]
    [InlineData("other.json#/city")]
    [InlineData("https://example.com/schema")]
    public void AReferenceToNowhereIsText(string reference) => Assert.Equal(
        new OpenApiSchema { Type = Type.String },
        From($$$"""{"type":"object","properties":{"city":{"$ref":"{{{reference}}}"}},"$defs":{"city":{"type":"string"} } }""")!.Properties["city"]);

    [Fact]
    public void ASchemaThatRefersToItselfEnds()
    {
        var schema = From("""{"type":"object","properties":{"value":{"type":"string"},"next":{"$ref":"#"}}}""")!;

        Assert.Equal(Type.String, schema.Properties["next"].Properties["value"].Type);
        Assert.True(schema.CalculateSize() < 10_000, $"{schema.CalculateSize()} bytes");
    }

    [Fact]
    public void ATreeOfManyBranchesDoesNotGrowWithoutLimit()
    {
        var schema = From("""
            {"$ref":"#/$defs/node","$defs":{"node":{"type":"object","properties":{
            "a":{"$ref":"#/$defs/node"},"b":{"$ref":"#/$defs/node"},"c":{"$ref":"#/$defs/node"},"d":{"type":"array","items":{"$ref":"#/$defs/node"}}}}}}
            """)!;

        Assert.Equal(["a", "b", "c", "d"], schema.Properties.Keys.Order());
        Assert.True(schema.CalculateSize() < 10_000, $"{schema.CalculateSize()} bytes");
    }

    [Theory]
    [InlineData("""{"$ref":"#"}""")]
    [InlineData("""{"$ref":"#/$defs/a","$defs":{"a":{"$ref":"#/$defs/b"},"b":{"$ref":"#/$defs/a"}}}""")]
    [InlineData("""{"$ref":"#/$defs/a","$defs":{"a":{"anyOf":[{"$ref":"#/$defs/a"},{"type":"null"}]}}}""")]
    public void ReferencesInACircleEnd(string schema) => Assert.NotEqual(Type.String, From(schema)?.Type);

    [Theory]
    [InlineData("""{"type":1,"title":1,"description":[],"format":{},"pattern":null}""")]
    [InlineData("""{"minItems":"1","maximum":"2","minLength":null}""")]
    [InlineData("""{"enum":"a"}""")]
    [InlineData("""{"required":"a"}""")]
    [InlineData("""{"required":[1,null]}""")]
    [InlineData("""{"anyOf":"a"}""")]
    [InlineData("""{"anyOf":[]}""")]
    [InlineData("""{"$ref":1}""")]
    public void WordsThatAreMisusedSayNothing(string schema) => Assert.Equal(new OpenApiSchema(), From(schema));

    [Fact]
    public void FurtherWordsSayNothing() => Assert.Equal(
        new OpenApiSchema { Type = Type.String },
        From("""{"$schema":"https://json-schema.org/draft/2020-12/schema","type":"string","additionalProperties":false,"not":{},"if":{},"examples":["a"]}"""));

    [Fact]
    public void AMethodsParametersAreDescribed()
    {
        var schema = Of(AIFunctionFactory.Create(
            ([Description("Which city.")] string city, int days, double? wind, bool detailed = true) => city + days + wind + detailed));

        Assert.Equal(
            new OpenApiSchema
            {
                Type = Type.Object,
                Properties =
                {
                    ["city"] = new OpenApiSchema { Type = Type.String, Description = "Which city." },
                    ["days"] = new OpenApiSchema { Type = Type.Integer },
                    ["wind"] = new OpenApiSchema { Type = Type.Number, Nullable = true },
                    ["detailed"] = new OpenApiSchema { Type = Type.Boolean, Default = Value.ForBool(true) },
                },
                Required = { "city", "days", "wind" },
            },
            schema);
    }

    [Fact]
    public void AMethodsEnumerationIsListed()
    {
        var schema = Of(AIFunctionFactory.Create((Size size) => size.ToString()));

        Assert.Equal(new OpenApiSchema { Type = Type.String, Enum = { "Small", "Large" } }, schema.Properties["size"]);
    }

    [Fact]
    public void AMethodsEnumerationThatMayBeNullIsListedToo()
    {
        var schema = Of(AIFunctionFactory.Create((Size? size) => size.ToString()));

        Assert.Equal(new OpenApiSchema { Type = Type.String, Nullable = true, Enum = { "Small", "Large" } }, schema.Properties["size"]);
    }

    [Fact]
    public void AMethodsArraysAndRecordsAreDescribed()
    {
        var schema = Of(AIFunctionFactory.Create((string[] names, Address address, List<Address>? others) => names.Length + address.Street + others?.Count));

        Assert.Equal(new OpenApiSchema { Type = Type.Array, Items = new OpenApiSchema { Type = Type.String } }, schema.Properties["names"]);
        Assert.Equal(
            new OpenApiSchema
            {
                Type = Type.Object,
                Properties =
                {
                    ["street"] = new OpenApiSchema { Type = Type.String, Description = "With its number." },
                    ["zip"] = new OpenApiSchema { Type = Type.String, Nullable = true },
                },
                Required = { "street", "zip" },
            },
            schema.Properties["address"]);
        Assert.Equal(Type.Array, schema.Properties["others"].Type);
        Assert.True(schema.Properties["others"].Nullable);
        Assert.Equal(["street", "zip"], schema.Properties["others"].Items.Properties.Keys.Order());
    }

    [Fact]
    public void AMethodsRecordThatRefersToItselfIsDescribedAndEnds()
    {
        var schema = Of(AIFunctionFactory.Create((Tree tree) => tree.Name));

        Assert.Equal(Type.String, schema.Properties["tree"].Properties["name"].Type);
        Assert.Equal(Type.String, schema.Properties["tree"].Properties["left"].Properties["name"].Type);
        Assert.Equal(Type.Array, schema.Properties["tree"].Properties["others"].Type);
        Assert.True(schema.CalculateSize() < 10_000, $"{schema.CalculateSize()} bytes");
    }

    private static IEnumerable<OpenApiSchema> ChoicesOf(OpenApiSchema schema) =>
        NumberedFields.Read(schema, AnyOfField).Select(field => OpenApiSchema.Parser.ParseFrom((ByteString)field.Value));

    private static void HasNothingBesideItsChoices(OpenApiSchema schema)
    {
        var expected = new OpenApiSchema();
        foreach (var (field, value) in NumberedFields.Read(schema, AnyOfField))
            NumberedFields.Set(expected, field, (ByteString)value);
        Assert.Equal(expected, schema);
    }

    private static OpenApiSchema? From(string schema) => GeminiSchema.From(Properties.Parse(schema));

    private static OpenApiSchema Of(AIFunction function)
    {
        var schema = GeminiSchema.From(function.JsonSchema)!;
        // What was made of it can be sent: nothing in it is null where the wire has no null.
        return OpenApiSchema.Parser.ParseFrom(schema.ToByteArray());
    }

    private sealed record Address([property: Description("With its number.")] string Street, string? Zip);

    private sealed record Tree(string Name, Tree? Left, Tree? Right, IReadOnlyList<Tree>? Others);
}
