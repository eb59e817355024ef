using ServerlessA2A.Chat.Schemas;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Chat.Tests.Schemas;

public class SchemaCheckTests
{
    [Theory]
    [InlineData("""{"type":"string"}""", "\"a\"")]
    [InlineData("""{"type":"number"}""", "1.5")]
    [InlineData("""{"type":"number"}""", "1")]
    [InlineData("""{"type":"integer"}""", "1")]
    [InlineData("""{"type":"integer"}""", "1.0")]
    [InlineData("""{"type":"integer"}""", "1e3")]
    [InlineData("""{"type":"boolean"}""", "true")]
    [InlineData("""{"type":"boolean"}""", "false")]
    [InlineData("""{"type":"null"}""", "null")]
    [InlineData("""{"type":"array"}""", "[]")]
    [InlineData("""{"type":"object"}""", "{}")]
    [InlineData("""{"type":["string","null"]}""", "null")]
    [InlineData("""{"type":["string","integer"]}""", "7")]
    [InlineData("""{"enum":["a",1,null,{"b":2.0}]}""", "\"a\"")]
    [InlineData("""{"enum":["a",1,null,{"b":2.0}]}""", "1.0")]
    [InlineData("""{"enum":["a",1,null,{"b":2.0}]}""", "null")]
    [InlineData("""{"enum":["a",1,null,{"b":2.0}]}""", """{"b":2}""")]
    [InlineData("""{"const":"a"}""", "\"a\"")]
    [InlineData("""{"const":null}""", "null")]
    [InlineData("""{"anyOf":[{"type":"string"},{"type":"integer","minimum":3}]}""", "3")]
    [InlineData("""{"oneOf":[{"type":"string"},{"type":"null"}]}""", "null")]
    [InlineData("""{"allOf":[{"type":"integer"},{"minimum":3}]}""", "3")]
    [InlineData("""{"minimum":1,"maximum":2}""", "1")]
    [InlineData("""{"minimum":1,"maximum":2}""", "2.0")]
    [InlineData("""{"minimum":1}""", "\"0\"")]
    [InlineData("""{"minLength":2,"maxLength":2}""", "\"😀é\"")]
    [InlineData("""{"minLength":2}""", "1")]
    [InlineData("""{"pattern":"^[A-Z]{2}\\d$"}""", "\"AB1\"")]
    [InlineData("""{"pattern":"b"}""", "\"abc\"")]
    [InlineData("""{"pattern":"b"}""", "17")]
    [InlineData("""{"minItems":1,"maxItems":2,"items":{"type":"integer"}}""", "[1,2]")]
    [InlineData("""{"items":{"type":"integer"}}""", "[]")]
    [InlineData("""{"minProperties":1,"maxProperties":2}""", """{"a":1,"b":2}""")]
    [InlineData("""{"required":["a"]}""", """{"a":null}""")]
    [InlineData("""{"required":["a"]}""", "[]")]
    [InlineData("""{"properties":{"a":{"type":"string"}}}""", """{"b":1}""")]
    [InlineData("""{"properties":{"a":{}},"additionalProperties":true}""", """{"b":1}""")]
    [InlineData("""{"properties":{"a":{}},"additionalProperties":false}""", """{"a":1}""")]
    [InlineData("""{"$ref":"#/$defs/a","$defs":{"a":{"type":"string"}}}""", "\"a\"")]
    [InlineData("""{"type":"object","properties":{"next":{"anyOf":[{"$ref":"#"},{"type":"null"}]}}}""", """{"next":{"next":null}}""")]
    public void WhatSatisfiesTheSchemaIsWell(string schema, string value) => Assert.Null(FaultOf(schema, value));

    [Theory]
    [InlineData("""{"type":"string"}""", "1", "$ is of the type number instead of \"string\".")]
    [InlineData("""{"type":"string"}""", "null", "$ is of the type null instead of \"string\".")]
    [InlineData("""{"type":"number"}""", "\"1\"", "$ is of the type string instead of \"number\".")]
    [InlineData("""{"type":"integer"}""", "1.5", "$ is of the type number instead of \"integer\".")]
    [InlineData("""{"type":"boolean"}""", "\"true\"", "$ is of the type string instead of \"boolean\".")]
    [InlineData("""{"type":"array"}""", "{}", "$ is of the type object instead of \"array\".")]
    [InlineData("""{"type":"object"}""", "[]", "$ is of the type array instead of \"object\".")]
    [InlineData("""{"type":["string","null"]}""", "false", "$ is of the type boolean instead of [\"string\",\"null\"].")]
    [InlineData("""{"enum":["a","b"]}""", "\"c\"", "$ is \"c\" instead of one of [\"a\",\"b\"].")]
    [InlineData("""{"enum":[]}""", "1", "$ is 1 instead of one of [].")]
    [InlineData("""{"const":"a"}""", "\"b\"", "$ is \"b\" instead of \"a\".")]
    [InlineData("""{"anyOf":[{"type":"string"},{"type":"integer","minimum":3}]}""", "2", "$ satisfies none of the schemas in anyOf.")]
    [InlineData("""{"oneOf":[{"type":"string"},{"type":"null"}]}""", "2", "$ satisfies none of the schemas in oneOf.")]
    [InlineData("""{"allOf":[{"type":"object"},{"properties":{"a":{"allOf":[{"minimum":3}]}}}]}""", """{"a":2}""", "$.a is below 3.")]
    [InlineData("""{"minimum":1}""", "0.999", "$ is below 1.")]
    [InlineData("""{"maximum":2.5}""", "3", "$ is above 2.5.")]
    [InlineData("""{"minLength":2}""", "\"😀\"", "The length of $ is below 2.")]
    [InlineData("""{"maxLength":1}""", "\"ab\"", "The length of $ is above 1.")]
    [InlineData("""{"pattern":"^b"}""", "\"abc\"", "$ does not match ^b.")]
    [InlineData("""{"pattern":"^\\d$"}""", "\"٣\"", "$ does not match ^\\d$.")]
    [InlineData("""{"minItems":1}""", "[]", "The length of $ is below 1.")]
    [InlineData("""{"maxItems":1}""", "[1,2]", "The length of $ is above 1.")]
    [InlineData("""{"minProperties":1}""", "{}", "The number of properties of $ is below 1.")]
    [InlineData("""{"maxProperties":1}""", """{"a":1,"b":2}""", "The number of properties of $ is above 1.")]
    [InlineData("""{"items":{"type":"integer"}}""", "[1,2,\"3\"]", "$[2] is of the type string instead of \"integer\".")]
    [InlineData("""{"required":["a","b"]}""", """{"a":1}""", "$.b is missing.")]
    [InlineData("""{"properties":{"a":{"type":"string"}}}""", """{"a":1}""", "$.a is of the type number instead of \"string\".")]
    [InlineData("""{"properties":{"a":{}},"additionalProperties":false}""", """{"a":1,"b":2}""", "$.b is not in the schema.")]
    [InlineData("""{"$ref":"#/$defs/a","$defs":{"a":{"type":"string"}}}""", "1", "$ is of the type number instead of \"string\".")]
    [InlineData("""{"$ref":"#/$defs/a","minLength":2,"$defs":{"a":{"type":"string"}}}""", "\"a\"", "The length of $ is below 2.")]
    public void WhatDoesNotIsToldWithWhere(string schema, string value, string fault) => Assert.Equal(fault, FaultOf(schema, value));

    [Fact]
    public void TheFirstFaultIsToldHoweverDeepItLies() => Assert.Equal(
        "$.orders[1].customer.zip does not match ^\\d+$.",
        FaultOf(
            """
            {"type":"object","properties":{"orders":{"type":"array","items":{"$ref":"#/$defs/order"}}},
            "$defs":{"order":{"properties":{"customer":{"properties":{"zip":{"pattern":"^\\d+$"}}}}}}}
            """,
            """{"orders":[{"customer":{"zip":"12"}},{"customer":{"zip":"x"}},7]}"""));

    [Fact]
    public void ASchemaThatRefersToItselfIsCheckedToTheBottom() => Assert.Equal(
        "$.next.next is of the type number instead of [\"object\",\"null\"].",
        FaultOf("""{"type":["object","null"],"properties":{"next":{"$ref":"#"}}}""", """{"next":{"next":1}}"""));

    [Theory]
    [InlineData("""{"$ref":"#"}""")]
    [InlineData("""{"anyOf":[{"$ref":"#"}]}""")]
    [InlineData("""{"$ref":"#/$defs/a","$defs":{"a":{"$ref":"#/$defs/b"},"b":{"anyOf":[{"$ref":"#/$defs/a"}]}}}""")]
    [InlineData("""{"$ref":"#/$defs/unknown"}""")]
    [InlineData("""{"$ref":"https://example.com/schema"}""")]
    public void AReferenceThatLeadsNowhereSaysNothing(string schema) => Assert.Null(FaultOf(schema, "1"));

    [Theory]
    [InlineData("true")]
    [InlineData("""{"title":"T","format":"date","not":{},"uniqueItems":true,"default":7}""")]
    [InlineData("""{"type":7,"enum":"a","anyOf":{},"oneOf":[],"required":"a","properties":[],"items":[],"pattern":7}""")]
    [InlineData("""{"minimum":"1","maximum":null,"minLength":{},"minItems":[],"maxProperties":false}""")]
    [InlineData("""{"required":[7,null],"pattern":"("}""")]
    public void FurtherWordsAndMisusedOnesSayNothing(string schema)
    {
        foreach (var value in (string[])["null", "true", "-1", "\"\"", "\"text\"", "[1,1]", """{"b":1}"""])
            Assert.Null(FaultOf(schema, value));
    }

    [Fact]
    public void APatternThatIsNotDecidedUponInTimeExcludesNothing() =>
        Assert.Null(FaultOf("""{"pattern":"^(a+)+$"}""", $"\"{new string('a', 40)}b\""));

    private static string? FaultOf(string schema, string value) => SchemaCheck.FaultOf(Properties.Parse(value), Properties.Parse(schema));
}
