using System.Globalization;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using ServerlessA2A.Protocol.Signatures;
using ServerlessA2A.Tests.Protocol;

namespace ServerlessA2A.Tests.Security.Signatures;

/// <summary>
/// RFC 8785, with its own examples, and those that its author tests implementations with (cyberphone/json-canonicalization, testdata).
/// </summary>
public class CanonicalJsonTests
{
    [Theory]
    // Appendix B.
    [InlineData("0000000000000000", "0")]
    [InlineData("8000000000000000", "0")]
    [InlineData("0000000000000001", "5e-324")]
    [InlineData("8000000000000001", "-5e-324")]
    [InlineData("7fefffffffffffff", "1.7976931348623157e+308")]
    [InlineData("ffefffffffffffff", "-1.7976931348623157e+308")]
    [InlineData("4340000000000000", "9007199254740992")]
    [InlineData("c340000000000000", "-9007199254740992")]
    [InlineData("4430000000000000", "295147905179352830000")]
    [InlineData("44b52d02c7e14af5", "9.999999999999997e+22")]
    [InlineData("44b52d02c7e14af6", "1e+23")]
    [InlineData("44b52d02c7e14af7", "1.0000000000000001e+23")]
    [InlineData("444b1ae4d6e2ef4e", "999999999999999700000")]
    [InlineData("444b1ae4d6e2ef4f", "999999999999999900000")]
    [InlineData("444b1ae4d6e2ef50", "1e+21")]
    [InlineData("3eb0c6f7a0b5ed8c", "9.999999999999997e-7")]
    [InlineData("3eb0c6f7a0b5ed8d", "0.000001")]
    [InlineData("41b3de4355555553", "333333333.3333332")]
    [InlineData("41b3de4355555554", "333333333.33333325")]
    [InlineData("41b3de4355555555", "333333333.3333333")]
    [InlineData("41b3de4355555556", "333333333.3333334")]
    [InlineData("41b3de4355555557", "333333333.33333343")]
    [InlineData("becbf647612f3696", "-0.0000033333333333333333")]
    [InlineData("43143ff3c1cb0959", "1424953923781206.2")]
    public void NumbersAreWrittenAsAppendixBHasThem(string bits, string expected) =>
        Assert.Equal(expected, CanonicalNumber.Format(Double(bits)));

    [Theory]
    [InlineData("7fffffffffffffff")]
    [InlineData("7ff0000000000000")]
    [InlineData("fff0000000000000")]
    public void WhatIsNoNumberIsRefused(string bits) => Assert.Throws<JsonException>(() => CanonicalNumber.Format(Double(bits)));

    [Fact]
    public void TheExampleOfSection3_2HasItsVeryBytes() => Assert.Equal(
        Convert.FromHexString(
            "7b226c69746572616c73223a5b6e756c6c2c747275652c66616c73655d2c226e756d62657273223a5b3333333333333333332e333333333333332c31652b33302c342e352c302e3030322c31652d32375d2c22737472696e67223a22e282ac245c75303030665c6e4127425c225c5c5c5c5c222f227d"),
        Encoding.UTF8.GetBytes(Canonical(
            """{ "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001], "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false] }""")));

    [Fact]
    public void NamesAreSortedAsSection3_2_3Has() => Assert.Equal(
        "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\",\"ö\":\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro " +
        "Sign\",\"😀\":\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}",
        Canonical("""{"\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One", "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis"}"""));

    [Theory]
    [InlineData("arrays", """[ 56, { "d": true, "10": null, "1": [ ] } ]""", """[56,{"1":[],"10":null,"d":true}]""")]
    [InlineData(
        "french",
        """{ "peach": "This sorting order", "péché": "is wrong according to French", "pêche": "but canonicalization MUST", "sin": "ingnore locale" }""",
        """{"peach":"This sorting order","péché":"is wrong according to French","pêche":"but canonicalization MUST","sin":"ingnore locale"}""")]
    [InlineData(
        "structures",
        """{ "1": {"f": {"f": "hi","F": 5} ,"\n": 56.0}, "10": { }, "": "empty", "a": { }, "111": [ { } ], "A": { } }""",
        """{"":"empty","1":{"\n":56,"f":{"F":5,"f":"hi"}},"10":{},"111":[{}],"A":{},"a":{}}""")]
    [InlineData("unicode", """{ "Unnormalized Unicode":"\u1e0d\u0307" }""", "{\"Unnormalized Unicode\":\"\u1e0d\u0307\"}")]
    [InlineData(
        "values",
        """{ "numbers": [1E30, 4.50, 333333333.33333329, 2e-3, 0.000000000000000000000000001], "escaping": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false] }""",
        """{"escaping":"€$\u000f\nA'B\"\\\\\"/","literals":[null,true,false],"numbers":[1e+30,4.5,333333333.3333333,0.002,1e-27]}""")]
    [InlineData(
        "weird",
        """{ "\u20ac": "Euro Sign", "1": "One", "\u0080": "Control\u007f", "\ud83d\ude02": "Smiley", "\u00f6": "Latin Small Letter O With Diaeresis", "\ufb33": "Hebrew Letter Dalet With Dagesh", "</script>": "Browser Challenge" }""",
        "{\"1\":\"One\",\"</script>\":\"Browser Challenge\",\"\u0080\":\"Control\u007f\",\"ö\":\"Latin Small Letter O With " +
        "Diaeresis\",\"€\":\"Euro Sign\",\"😂\":\"Smiley\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}")]
    public void ItsAuthorsTestDataComesOutAsItShould(string name, string json, string expected) =>
        Assert.Equal((name, expected), (name, Canonical(json)));

    [Fact]
    public void ControlCharactersAreEscapedInOneWayOnly() =>
        Assert.Equal("""["\u0000\b\t\n\u000b\f\r\u001f"]""", Canonical("""["\u0000\u0008\u0009\u000A\u000B\u000c\u000D\u001F"]"""));

    [Theory]
    [InlineData("""{"a":1,"b":2,"a":1}""")]
    [InlineData("""{"a":1,"\u0061":2}""")]
    [InlineData("""[{"b":{"a":1,"a":2}}]""")]
    [InlineData("""["\ud800"]""")]
    [InlineData("""["\udc00\ud800"]""")]
    [InlineData("""{"\ud800":1}""")]
    [InlineData("[1e400]")]
    [InlineData("[-1e400]")]
    [InlineData("[NaN]")]
    [InlineData("[1,]")]
    [InlineData("")]
    public void WhatHasNoCanonicalFormIsRefused(string json) => Assert.ThrowsAny<JsonException>(() => Canonical(json));

    [Fact]
    public void BytesThatAreNoTextAreRefused() =>
        Assert.ThrowsAny<JsonException>(() => Canonical([(byte)'"', 0xff, (byte)'"']));

    [Fact]
    public void WhatIsCanonicalStaysAsItIs() =>
        RoundTripProperties.Holds(Json, json => Assert.Equal(Canonical(json), Canonical(Canonical(json))));

    [Fact]
    public void TheOrderOfMembersAndTheSpaceBetweenThemDoNotMatter() =>
        RoundTripProperties.Holds(Json, json => Assert.Equal(Canonical(json), Canonical(Reversed(json))));

    [Fact]
    public void EveryDoubleIsReadBackAsItWas() => RoundTripProperties.Holds(
        ArbMap.Default.GeneratorFor<long>().Select(BitConverter.Int64BitsToDouble).Where(double.IsFinite),
        value => Assert.Equal(value, double.Parse(CanonicalNumber.Format(value), CultureInfo.InvariantCulture)));

    /// <summary>Without texts that are no Unicode and names that occur twice, which have no canonical form.</summary>
    private static Gen<string> Json { get; } = Generate.Json.Where(HasCanonicalForm);

    private static bool HasCanonicalForm(string json)
    {
        try
        {
            return Canonical(json).Length > 0;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>The same JSON with its members in another order, and with line breaks.</summary>
    private static string Reversed(string json)
    {
        var reversed = new StringBuilder();
        Append(JsonElement.Parse(json));
        return reversed.ToString();

        void Append(JsonElement value)
        {
            var isObject = value.ValueKind == JsonValueKind.Object;
            if (!isObject && value.ValueKind != JsonValueKind.Array)
            {
                reversed.Append(value.GetRawText());
                return;
            }

            reversed.Append(isObject ? "{\r\n" : "[ ");
            var items = isObject ? value.EnumerateObject().Reverse()
                .Select(member => (JsonSerializer.Serialize(member.Name) + " :\t", member.Value)) : value.EnumerateArray()
                .Select(item => ("", item));
            var separator = "";
            foreach (var (name, item) in items)
            {
                reversed.Append(separator).Append(name);
                Append(item);
                separator = " ,\n";
            }

            reversed.Append(isObject ? " }" : " ]");
        }
    }

    private static double Double(string bits) =>
        BitConverter.UInt64BitsToDouble(ulong.Parse(bits, NumberStyles.HexNumber, CultureInfo.InvariantCulture));

    private static string Canonical(string json) => Canonical(Encoding.UTF8.GetBytes(json));

    private static string Canonical(byte[] json)
    {
        using var document = CanonicalJson.Parse(json);
        return Encoding.UTF8.GetString(CanonicalJson.Write(document.RootElement));
    }
}
