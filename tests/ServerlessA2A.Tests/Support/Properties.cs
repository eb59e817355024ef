using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace ServerlessA2A.Tests.Support;

/// <summary>What is to hold for many values, and some values of many kinds.</summary>
internal static class Properties
{
    private static readonly string[] Names = ["a", "b_c", "city", "", "é", "x y", "$ref"];
    private static readonly string[] Scalars =
    [
        "null", "true", "false", "0", "1", "-1", "0.5", "-12.25", "1e-7", "3.0", "9007199254740991", "-9007199254740991", "1e300",
        "\"\"", "\"text\"", "\"9007199254740993\"", "\"é漢😀\\n\\\"\"",
    ];

    /// <summary>The text of any JSON value whose numbers a binary64 holds.</summary>
    public static Gen<string> Json { get; } = Gen.Sized(size => JsonOf(Math.Min(size, 3)));

    /// <summary>The text of any such JSON object.</summary>
    public static Gen<string> JsonObject { get; } = Gen.Sized(size => ObjectOf(Math.Min(size, 3)));

    public static void Hold<T>(Gen<T> values, Action<T> fact, int times = 300) =>
        Prop.ForAll(values.ToArbitrary(), fact).Check(Config.QuickThrowOnFailure.WithMaxTest(times));

    /// <summary>So many values at most.</summary>
    public static Gen<IReadOnlyList<T>> ListOf<T>(this Gen<T> item, int least, int most) =>
        from count in Gen.Choose(least, most) from items in item.ArrayOf(count) select (IReadOnlyList<T>)items;

    public static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    private static Gen<string> JsonOf(int depth) => depth == 0
        ? Gen.Elements(Scalars)
        : Gen.OneOf(Gen.Elements(Scalars), JsonOf(depth - 1).ListOf(0, 3).Select(items => $"[{string.Join(',', items)}]"), ObjectOf(depth));

    private static Gen<string> ObjectOf(int depth) =>
        from names in Gen.Elements(Names).ListOf(0, 3)
        from values in JsonOf(Math.Max(0, depth - 1)).ArrayOf(3)
        select $"{{{string.Join(',', names.Distinct().Zip(values, (name, value) => $"{JsonSerializer.Serialize(name)}:{value}"))}}}";
}
