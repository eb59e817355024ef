using System.Text.Json;
using Microsoft.Extensions.AI;
using ServerlessA2A.Chat.Tools;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Chat.Tests.Tools;

public class WholeNumbersTests
{
    private const string Integer = """{"type":"integer"}""";

    [Theory]
    [InlineData(Integer, "\"1750000000000000001\"", "1750000000000000001")]
    [InlineData(Integer, "\"-9223372036854775808\"", "-9223372036854775808")]
    [InlineData(Integer, "\"7\"", "7")]
    [InlineData(Integer, "7", "7")]
    [InlineData(Integer, "1750000000000000001", "1750000000000000001")]
    [InlineData(Integer, "1e3", "1e3")]
    [InlineData(Integer, "null", "null")]
    [InlineData(Integer, "\"007\"", "\"007\"")]
    [InlineData(Integer, "\"seven\"", "\"seven\"")]
    [InlineData("""{"type":["integer","null"],"format":"int64"}""", "\"7\"", "7")]
    [InlineData("""{"type":["string","integer"]}""", "\"7\"", "\"7\"")]
    [InlineData("""{"anyOf":[{"type":"integer"},{"type":"null"}]}""", "\"7\"", "7")]
    [InlineData("""{"anyOf":[{"type":"integer"},{"type":"string"}]}""", "\"7\"", "\"7\"")]
    [InlineData("""{"type":"string"}""", "\"7\"", "\"7\"")]
    [InlineData("""{"type":"number"}""", "1.75e18", "1.75e18")]
    [InlineData("{}", "\"7\"", "\"7\"")]
    [InlineData("""{"$ref":"#/$defs/id"}""", "\"7\"", "7")]
    [InlineData("""{"type":"array","items":{"type":"integer"}}""", """["1",2,null]""", "[1,2,null]")]
    [InlineData("""{"type":"object","properties":{"b":{"type":"integer"}},"additionalProperties":{"type":"array","items":{"type":"integer"}}}""", """{"b":"1","c":["2"]}""", """{"b":1,"c":[2]}""")]
    [InlineData("""{"type":"object","properties":{"b":{"type":"integer"}}}""", """{"c":"1"}""", """{"c":"1"}""")]
    public void DigitsBecomeANumberWhereTheToolWantsAnInteger(string schema, string value, string expected)
    {
        var (arguments, fault) = Restore(schema, value);

        Assert.Null(fault);
        Assert.Equal(expected, arguments["a"] is JsonElement json ? json.GetRawText() : JsonSerializer.Serialize(arguments["a"]));
    }

    [Theory]
    [InlineData(Integer, "1.75E+18", "a is 1.75E+18")]
    [InlineData("""{"type":"array","items":{"type":"integer"}}""", "[1,-9.1E+15]", "a[1] is -9.1E+15")]
    [InlineData("""{"type":"object","properties":{"b":{"anyOf":[{"type":"integer"},{"type":"string"}]}}}""", """{"b":1.75E+18}""", "a.b is 1.75E+18")]
    public void ANumberThatHasLostDigitsIsRefusedWithWhere(string schema, string value, string told)
    {
        var (_, fault) = Restore(schema, value);

        Assert.StartsWith(told, fault, StringComparison.Ordinal);
        Assert.Contains("as a string of decimal digits", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void OtherArgumentsAreLeftAsTheyAre()
    {
        var (first, second) = (new object(), Properties.Parse("[ 1 ]"));

        var (arguments, fault) = WholeNumbers.Restore(
            new Dictionary<string, object?> { ["a"] = first, ["b"] = second, ["c"] = null }, Properties.Parse("""{"properties":{"a":{"type":"integer"},"b":{"type":"array"}}}"""));

        Assert.Null(fault);
        Assert.Same(first, arguments["a"]);
        Assert.Equal("[ 1 ]", ((JsonElement)arguments["b"]!).GetRawText());
        Assert.Null(arguments["c"]);
        Assert.Empty(WholeNumbers.Restore(null, Properties.Parse("{}")).Arguments);
    }

    private static (AIFunctionArguments Arguments, string? Fault) Restore(string schema, string value) => WholeNumbers.Restore(
        new Dictionary<string, object?> { ["a"] = Properties.Parse(value) },
        Properties.Parse($$"""{"type":"object","properties":{"a":{{schema}} },"$defs":{"id":{"type":"integer"} } }"""));
}
