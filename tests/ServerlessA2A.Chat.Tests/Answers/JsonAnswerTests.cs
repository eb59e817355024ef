using System.Text.Json;
using ServerlessA2A.Chat.Answers;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Chat.Tests.Answers;

public class JsonAnswerTests
{
    private static readonly JsonElement Schema = Properties.Parse("""{"type":"object","properties":{"a":{"type":"integer"}},"required":["a"]}""");

    [Theory]
    [InlineData("""{"a":1}""", """{"a":1}""")]
    [InlineData("  [1, 2]\n", "[1, 2]")]
    [InlineData("\"text\"", "\"text\"")]
    [InlineData("null", "null")]
    [InlineData("```json\n{\"a\":1}\n```", """{"a":1}""")]
    [InlineData("```\n{\"a\":1}\n```", """{"a":1}""")]
    [InlineData("```json\r\n{\"a\":1}\r\n```\r\n", """{"a":1}""")]
    [InlineData("\n```json\n{\"a\":1}```", """{"a":1}""")]
    [InlineData("```json\n{\"a\":\"```\"}\n```", """{"a":"```"}""")]
    public void OneJsonValueIsReadWithOrWithoutItsFence(string text, string json)
    {
        var (value, fault) = JsonAnswer.Read(text, null);

        Assert.Null(fault);
        Assert.Equal(json, value!.Value.GetRawText());
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("Here it is: {\"a\":1}")]
    [InlineData("{\"a\":1} Is that all?")]
    [InlineData("{\"a\":1}{\"b\":2}")]
    [InlineData("{\"a\":1")]
    [InlineData("{'a':1}")]
    [InlineData("```json\n{\"a\":1}")]
    [InlineData("```")]
    [InlineData("``````")]
    [InlineData("```json")]
    [InlineData("```json\n```")]
    [InlineData("``` {\"a\":1} ```")]
    public void WhatIsNoJsonIsToldSo(string text)
    {
        var (value, fault) = JsonAnswer.Read(text, null);

        Assert.Null(value);
        Assert.StartsWith("It is not JSON: ", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"a":1,"title":"half of \ud83d"}""")]
    [InlineData("""{"a":1,"\ud83d":1}""")]
    public void HalfOfASurrogatePairIsToldToTheModel(string text)
    {
        var (value, fault) = JsonAnswer.Read(
            text, Properties.Parse("""{"type":"object","properties":{"a":{"type":"integer"},"title":{"type":"string"}}}"""));

        Assert.Null(value);
        Assert.StartsWith("It is not JSON: ", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void HalfOfASurrogatePairThatIsNotEscapedIsToldToTheModelToo()
    {
        var (value, fault) = JsonAnswer.Read("\"half of \ud83d\"", null);

        Assert.Null(value);
        Assert.StartsWith("It is not JSON: ", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatSatisfiesTheSchemaIsTheAnswer()
    {
        var (value, fault) = JsonAnswer.Read("""{"a":1}""", Schema);

        Assert.Null(fault);
        Assert.Equal(1, value!.Value.GetProperty("a").GetInt32());
    }

    [Theory]
    [InlineData("""{"a":"1"}""", "$.a is of the type string")]
    [InlineData("```json\n{}\n```", "$.a is missing")]
    [InlineData("[]", "$ is of the type array")]
    public void WhatDoesNotIsToldWhatIsWrong(string text, string where)
    {
        var (value, fault) = JsonAnswer.Read(text, Schema);

        Assert.Null(value);
        Assert.StartsWith("It does not satisfy the schema: ", fault, StringComparison.Ordinal);
        Assert.Contains(where, fault, StringComparison.Ordinal);
    }
}
