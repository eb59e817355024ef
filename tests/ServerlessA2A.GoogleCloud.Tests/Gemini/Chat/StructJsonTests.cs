using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck.Fluent;
using Google.Protobuf.WellKnownTypes;
using ServerlessA2A.GoogleCloud.Gemini.Chat;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.GoogleCloud.Tests.Gemini.Chat;

public class StructJsonTests
{
    [Fact]
    public void AnyJsonComesBackAsItWent() => Properties.Hold(Properties.Json, json =>
    {
        var element = Properties.Parse(json);
        Assert.True(JsonElement.DeepEquals(element, Back(StructJson.ToJson(StructJson.ToValue(element)))), json);
    });

    [Fact]
    public void AnyObjectComesBackAsItWent() => Properties.Hold(Properties.JsonObject, json =>
    {
        var element = Properties.Parse(json);
        Assert.True(JsonElement.DeepEquals(element, Back(StructJson.ToJson(StructJson.ToStruct(element)))), json);
    });

    [Fact]
    public void NoDigitOfAWholeNumberIsLost() => Properties.Hold(
        from high in Gen.Choose(int.MinValue, int.MaxValue)
        from low in Gen.Choose(int.MinValue, int.MaxValue)
        from shift in Gen.Choose(0, 63)
        select (((long)high << 32) | (uint)low) >> shift,
        number => Assert.Equal(
            number.ToString(CultureInfo.InvariantCulture),
            StructJson.ToJson(StructJson.ToValue(JsonSerializer.SerializeToElement(number)))!.ToString()));

    [Theory]
    [InlineData("9007199254740991")]
    [InlineData("-9007199254740991")]
    [InlineData("0")]
    [InlineData("-0")]
    public void AWholeNumberThatIsHeldExactlyIsANumber(string json)
    {
        var value = StructJson.ToValue(Properties.Parse(json));

        Assert.Equal(Value.KindOneofCase.NumberValue, value.KindCase);
        Assert.Equal(double.Parse(json, CultureInfo.InvariantCulture), value.NumberValue);
    }

    [Theory]
    [InlineData("9007199254740992")]
    [InlineData("9007199254740993")]
    [InlineData("-9007199254740993")]
    [InlineData("9223372036854775807")]
    [InlineData("-9223372036854775808")]
    [InlineData("18446744073709551615")]
    [InlineData("123456789012345678901234567890")]
    [InlineData("1e400")]
    public void ANumberThatIsNotHeldIsTextWithAllItsDigits(string json) =>
        Assert.Equal(Value.ForString(json), StructJson.ToValue(Properties.Parse(json)));

    [Theory]
    [InlineData(1.5, "1.5")]
    [InlineData(3, "3")]
    [InlineData(-7, "-7")]
    [InlineData(9007199254740991d, "9007199254740991")]
    [InlineData(1e300, "1E+300")]
    [InlineData(0.1, "0.1")]
    [InlineData(1750000000000000001d, "1.75E+18")]
    [InlineData(9007199254740992d, "9.0071992547409920E+015")]
    [InlineData(12345678901234568d, "1.2345678901234568E+016")]
    [InlineData(-12345678901234568d, "-1.2345678901234568E+016")]
    public void ANumberIsWrittenAsOneAndAWholeOneWithoutAFractionUnlessItMayHaveLostDigits(double number, string json) =>
        Assert.Equal(json, StructJson.ToJson(Value.ForNumber(number))!.ToJsonString());

    [Theory]
    [InlineData(double.NaN, "\"NaN\"")]
    [InlineData(double.PositiveInfinity, "\"Infinity\"")]
    [InlineData(double.NegativeInfinity, "\"-Infinity\"")]
    public void WhatJsonHasNoNumberForIsText(double number, string json) =>
        Assert.Equal(json, StructJson.ToJson(Value.ForNumber(number))!.ToJsonString());

    [Fact]
    public void NothingIsNull()
    {
        Assert.Equal(Value.KindOneofCase.NullValue, StructJson.ToValue(default).KindCase);
        Assert.Null(StructJson.ToJson(new Value()));
        Assert.Null(StructJson.ToJson(Value.ForNull()));
    }

    [Fact]
    public void OfAnAmbiguousObjectTheLastMemberCounts() =>
        Assert.Equal("""{"a":2}""", StructJson.ToJson(StructJson.ToStruct(Properties.Parse("""{"a":1,"a":2}"""))).ToJsonString());

    [Fact]
    public void NullsAreMembersAndItems()
    {
        var json = StructJson.ToJson(StructJson.ToStruct(Properties.Parse("""{"a":null,"b":[null]}""")));

        Assert.Equal("""{"a":null,"b":[null]}""", json.ToJsonString());
    }

    private static JsonElement Back(JsonNode? node) => JsonSerializer.SerializeToElement(node);
}
