using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.AI.Evaluation;

namespace Evaluation;

/// <summary>Asks a model how well an answer serves the user: 1 (not at all) to 5.</summary>
public sealed class JudgeEvaluator : IEvaluator
{
    public const string Metric = "Relevance";

    public IReadOnlyCollection<string> EvaluationMetricNames { get; } = [Metric];

    public async ValueTask<EvaluationResult> EvaluateAsync(
        IEnumerable<ChatMessage> messages, ChatResponse modelResponse, ChatConfiguration? chatConfiguration = null,
        IEnumerable<EvaluationContext>? additionalContext = null, CancellationToken cancellationToken = default)
    {
        var prompt = $$"""
            Rate the last answer of this conversation with a shop's clerk from 1 (useless) to 5 (exactly what the user needs).
            Answer with JSON only: {"score": 3, "reason": "…"}

            {{messages.RenderText()}}
            {{modelResponse.RenderText()}}
            """;
        var options = new ChatOptions { Temperature = 0, ResponseFormat = ChatResponseFormat.Json };
        var verdict = await chatConfiguration!.ChatClient.GetResponseAsync(prompt, options, cancellationToken);
        return new EvaluationResult(Read(verdict.Text));
    }

    private static NumericMetric Read(string verdict)
    {
        try
        {
            var json = JsonElement.Parse(verdict);
            return new NumericMetric(Metric, json.GetProperty("score").GetDouble(), json.GetProperty("reason").GetString());
        }
        catch (Exception unreadable) when (unreadable is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            var metric = new NumericMetric(Metric, 0);
            metric.AddDiagnostics(EvaluationDiagnostic.Error($"The judge's verdict is not the JSON that was asked for: {verdict}"));
            return metric;
        }
    }
}
