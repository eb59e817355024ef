using System.Globalization;

namespace ServerlessA2A.Benchmarks;

/// <summary>What a figure should be: a ratio, or an amount of ours alone.</summary>
internal sealed record Target(double? Least, double? Most)
{
    public static Target None { get; } = new(null, null);

    public string Text => Least is { } least ? string.Create(CultureInfo.InvariantCulture, $">= {least}")
        : Most is { } most ? string.Create(CultureInfo.InvariantCulture, $"<= {most}")
        : "";

    public static Target AtLeast(double value) => new(value, null);

    public static Target AtMost(double value) => new(null, value);

    public bool IsMissedBy(double value) => value < Least || value > Most;
}
