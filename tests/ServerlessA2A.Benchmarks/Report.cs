using System.Globalization;

namespace ServerlessA2A.Benchmarks;

/// <summary>One line for each question: the ratio, its spread over the rounds, and what it should be.</summary>
internal sealed class Report
{
    private int _missed;

    public static string Head { get; } = Format("", "reference", "ours", "ratio", "spread", "target", "");

    /// <summary>Rounds in pairs: the ratio is the median of the pairs' ratios, so that what disturbs both disturbs it little.</summary>
    public void Add(string question, IReadOnlyList<double> reference, IReadOnlyList<double> ours, string unit, Target target)
    {
        var ratios = ours.Zip(reference, (our, their) => our / their).Order().ToArray();
        var ratio = Median(ratios);
        Write(question, Text(Median(reference), unit), Text(Median(ours), unit), Number(ratio),
            $"{Number(ratios[0])} to {Number(ratios[^1])}", target, ratio);
    }

    /// <summary>A figure of ours alone.</summary>
    public void Add(string question, double ours, string unit, Target target) =>
        Write(question, "", Text(ours, unit), "", "", target, ours);

    /// <summary>Tells how many targets were missed; the exit code.</summary>
    public int Conclude()
    {
        Console.WriteLine(_missed == 0 ? "All targets are met." : $"{_missed} missed.");
        return _missed == 0 ? 0 : 1;
    }

    public static double Median(IReadOnlyList<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private void Write(string question, string reference, string ours, string ratio, string spread, Target target, double value)
    {
        var missed = target.IsMissedBy(value);
        if (missed)
            _missed++;
        Console.WriteLine(Format(question, reference, ours, ratio, spread, target.Text, missed ? "MISSED" : "").TrimEnd());
    }

    private static string Format(
        string question, string reference, string ours, string ratio, string spread, string target, string verdict) =>
        $"{question,-48} {reference,12} {ours,12} {ratio,7} {spread,14} {target,8}  {verdict}";

    private static string Text(double value, string unit) =>
        value.ToString(value >= 1000 ? "#,0" : "0.##", CultureInfo.InvariantCulture) + unit;

    private static string Number(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
