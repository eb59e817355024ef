using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.AI.Evaluation;

namespace Evaluation;

/// <summary>
/// Compares the words of an answer with those of the expected one: 1 for the same words, 0 for none in common. It needs no model.
/// </summary>
public sealed partial class F1Evaluator : IEvaluator
{
    public const string Metric = "F1";

    public IReadOnlyCollection<string> EvaluationMetricNames { get; } = [Metric];

    public ValueTask<EvaluationResult> EvaluateAsync(
        IEnumerable<ChatMessage> messages, ChatResponse modelResponse, ChatConfiguration? chatConfiguration = null,
        IEnumerable<EvaluationContext>? additionalContext = null, CancellationToken cancellationToken = default)
    {
        var expected = additionalContext!.OfType<ExpectedAnswer>().Single().Text;
        return new(new EvaluationResult(new NumericMetric(Metric, Compare(modelResponse.Text, expected))));
    }

    private static double Compare(string answer, string expected)
    {
        var (given, wanted) = (WordsOf(answer), WordsOf(expected));
        var common = given.Sum(word => Math.Min(word.Value, wanted.GetValueOrDefault(word.Key)));
        return 2.0 * common / (given.Values.Sum() + wanted.Values.Sum());
    }

    private static Dictionary<string, int> WordsOf(string text) =>
        Word().Matches(text).CountBy(word => word.Value, StringComparer.OrdinalIgnoreCase).ToDictionary(StringComparer.OrdinalIgnoreCase);

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();
}

/// <summary>The answer that is expected, for evaluators.</summary>
public sealed class ExpectedAnswer(string text) : EvaluationContext("Expected answer", text)
{
    public string Text { get; } = text;
}
