using System.Globalization;
using System.Text;

namespace Evaluation;

/// <summary>The mean scores of each conversation, as a table in Markdown.</summary>
/// <param name="thresholds">The lowest score that passes, by metric. Default: 0.</param>
public sealed class ScoreTable(IReadOnlyDictionary<string, double> thresholds)
{
    private readonly List<(string Conversation, IReadOnlyDictionary<string, double> Scores)> _rows = [];

    /// <summary>The names of the conversations with a score below its threshold.</summary>
    public IEnumerable<string> Failed => _rows.Where(row => !Passes(row.Scores)).Select(row => row.Conversation);

    public void Add(string conversation, IReadOnlyDictionary<string, double> scores) => _rows.Add((conversation, scores));

    public override string ToString()
    {
        var metrics = _rows[0].Scores.Keys.ToList();
        var heads = metrics.Select(metric => $"{metric} (≥ {Format(thresholds.GetValueOrDefault(metric))})");
        var table = new StringBuilder()
            .AppendLine($"| conversation | {string.Join(" | ", heads)} | |")
            .AppendLine($"|---|{string.Concat(metrics.Select(_ => "---:|"))}---|");
        foreach (var (conversation, scores) in _rows)
            table.AppendLine($"| {conversation} | {Cells(metric => scores[metric])} | {(Passes(scores) ? "passed" : "**failed**")} |");
        return table.AppendLine($"| **mean** | {Cells(metric => _rows.Average(row => row.Scores[metric]))} | |").ToString();

        string Cells(Func<string, double> score) => string.Join(" | ", metrics.Select(metric => Format(score(metric))));
    }

    private bool Passes(IReadOnlyDictionary<string, double> scores) =>
        scores.All(score => score.Value >= thresholds.GetValueOrDefault(score.Key));

    private static string Format(double score) => score.ToString("0.00", CultureInfo.InvariantCulture);
}
