using System.ClientModel;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.AI.Evaluation;
using OpenAI;
using Xunit;
using Xunit.Abstractions;

namespace Evaluation;

/// <summary>Holds each conversation with the agent, and scores its answers.</summary>
public sealed class Evaluations(ITestOutputHelper output)
{
    private static readonly Dictionary<string, double> Thresholds = new() { [F1Evaluator.Metric] = 0.7, [JudgeEvaluator.Metric] = 4 };

    [Fact]
    public async Task EveryConversationReachesTheThresholds()
    {
        var judge = Judge();
        // Any evaluator of Microsoft.Extensions.AI.Evaluation may join; one that needs a model gets the judge.
        var evaluator = judge is null ? new CompositeEvaluator(new F1Evaluator()) : new(new F1Evaluator(), new JudgeEvaluator());
        await using var agent = await AgentUnderTest.StartAsync();
        var table = new ScoreTable(Thresholds);
        foreach (var conversation in Conversation.ReadAll())
            table.Add(conversation.Name, await ScoreAsync(conversation, agent, evaluator, judge));

        output.WriteLine($"{table}");
        await File.WriteAllTextAsync(
            Environment.GetEnvironmentVariable("EVALUATION_REPORT") ?? Path.Combine(AppContext.BaseDirectory, "evaluation.md"), $"{table}");
        Assert.True(!table.Failed.Any(), $"Below a threshold: {string.Join(", ", table.Failed)}\n{table}");
    }

    /// <summary>The mean of each metric over the turns of a conversation.</summary>
    private async Task<Dictionary<string, double>> ScoreAsync(
        Conversation conversation, AgentUnderTest agent, CompositeEvaluator evaluator, ChatConfiguration? judge)
    {
        var a2a = new A2AConversation(agent.Client);
        List<ChatMessage> messages = [];
        List<EvaluationMetric> metrics = [];
        foreach (var turn in conversation.Turns)
        {
            messages.Add(new ChatMessage(ChatRole.User, turn.User));
            var answer = new ChatMessage(ChatRole.Assistant, await a2a.SayAsync(turn.User));
            var result = await evaluator.EvaluateAsync(messages, new ChatResponse(answer), judge, [new ExpectedAnswer(turn.Expected)]);
            metrics.AddRange(result.Metrics.Values);
            messages.Add(answer);
        }

        output.WriteLine($"{conversation.Name}\n{messages.RenderText()}");
        foreach (var metric in metrics.Where(metric => metric.Reason is not null || metric.Diagnostics is not null))
            output.WriteLine($"{metric.Name} {ValueOf(metric)}: {metric.Reason} {string.Join(' ', metric.Diagnostics ?? [])}");
        return metrics.GroupBy(metric => metric.Name).ToDictionary(each => each.Key, each => each.Average(ValueOf));
    }

    /// <summary>The score; 0 where the evaluator failed, as its diagnostics say.</summary>
    private static double ValueOf(EvaluationMetric metric) => (metric as NumericMetric)?.Value ?? 0;

    /// <summary>The model that judges, behind an OpenAI-compatible endpoint; null if EVALUATION_JUDGE_MODEL is not set.</summary>
    private static ChatConfiguration? Judge()
    {
        if (Environment.GetEnvironmentVariable("EVALUATION_JUDGE_MODEL") is not { } model)
            return null;
        var endpoint = Environment.GetEnvironmentVariable("EVALUATION_JUDGE_ENDPOINT") ?? "https://api.openai.com/v1";
        var key = Environment.GetEnvironmentVariable("EVALUATION_JUDGE_API_KEY") ?? "none";
        var client = new OpenAIClient(new ApiKeyCredential(key), new OpenAIClientOptions { Endpoint = new Uri(endpoint) });
        return new ChatConfiguration(client.GetChatClient(model).AsIChatClient());
    }
}
