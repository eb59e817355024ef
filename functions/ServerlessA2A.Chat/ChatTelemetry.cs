using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.AI;
using ServerlessA2A.Telemetry;

namespace ServerlessA2A.Chat;

/// <summary>
/// The spans and metrics of models and tools: activity source and meter <c>ServerlessA2A.Chat</c>, by the GenAI conventions. No content of
/// messages, no arguments and no results of tools. Without a listener nothing is created or measured.
/// </summary>
internal static class ChatTelemetry
{
    /// <summary>The name of the activity source and of the meter.</summary>
    public const string Name = "ServerlessA2A.Chat";

    private const string Chat = "chat";
    private const string Tool = "execute_tool";

    private static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);

    private static readonly Histogram<long> TokenUsage = Meter.CreateHistogram(
        "gen_ai.client.token.usage", "{token}", "Tokens of a model call, by type and model.",
        advice: new InstrumentAdvice<long>
        {
            HistogramBucketBoundaries = [1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304],
        });

    private static readonly Histogram<double> CallDuration = Meter.CreateHistogram(
        "gen_ai.client.operation.duration", "s", "Duration of model calls and tools, by operation and error.",
        advice: EngineMetrics.Times);

    /// <summary>A call of the model.</summary>
    public static Activity? StartModel(string? model, string? provider)
    {
        if (!Source.HasListeners())
            return null;
        return Source.StartActivity(model is null ? Chat : $"chat {model}", ActivityKind.Client)
            ?.SetTag(TelemetryNames.GenAIOperation, Chat).SetTag(TelemetryNames.GenAIProvider, provider)
            .SetTag(TelemetryNames.RequestModel, model);
    }

    /// <summary>A call of the model has ended.</summary>
    /// <param name="call">Its span; null for none.</param>
    /// <param name="duration">How long it took.</param>
    /// <param name="model">The model that was asked.</param>
    /// <param name="provider">Its provider; null if it is unknown.</param>
    /// <param name="answered">The model that answered; null if it is unknown.</param>
    /// <param name="usage">Its usage.</param>
    /// <param name="finishReason">Why the answer ended; null where it broke off or was left.</param>
    /// <param name="error">The type of the failure; null for none.</param>
    public static void EndModel(
        Activity? call, TimeSpan duration, string? model, string? provider, string? answered, UsageDetails usage, string? finishReason,
        string? error)
    {
        Used(model ?? answered, provider, usage);
        Took(duration, Chat, model ?? answered, provider, error);
        if (call is null)
            return;
        call.SetTag(TelemetryNames.ResponseModel, answered).SetTag(TelemetryNames.InputTokens, usage.InputTokenCount)
            .SetTag(TelemetryNames.OutputTokens, usage.OutputTokenCount);
        if (finishReason is not null)
            call.SetTag(TelemetryNames.FinishReasons, new[] { finishReason });
        Fail(call, error);
    }

    /// <summary>The tokens of a model call.</summary>
    public static void Used(string? model, string? provider, UsageDetails usage)
    {
        if (!TokenUsage.Enabled)
            return;
        Count("input", usage.InputTokenCount);
        Count("output", usage.OutputTokenCount);

        void Count(string type, long? tokens)
        {
            if (tokens is not { } count)
                return;
            var tags = new TagList
            {
                { TelemetryNames.GenAIOperation, Chat }, { TelemetryNames.TokenType, type }, { TelemetryNames.RequestModel, model },
            };
            if (provider is not null)
                tags.Add(TelemetryNames.GenAIProvider, provider);
            TokenUsage.Record(count, tags);
        }
    }

    /// <summary>A call of a tool.</summary>
    public static Activity? StartTool(string tool, string callId)
    {
        if (!Source.HasListeners())
            return null;
        return Source.StartActivity($"execute_tool {tool}")
            ?.SetTag(TelemetryNames.GenAIOperation, Tool).SetTag(TelemetryNames.ToolName, tool)
            .SetTag(TelemetryNames.ToolCallId, callId);
    }

    /// <summary>A call of a tool has ended.</summary>
    public static void EndTool(Activity? call, TimeSpan duration, string? error)
    {
        Took(duration, Tool, model: null, provider: null, error);
        if (call is not null)
            Fail(call, error);
    }

    private static void Took(TimeSpan duration, string operation, string? model, string? provider, string? error)
    {
        if (!CallDuration.Enabled)
            return;
        var tags = new TagList { { TelemetryNames.GenAIOperation, operation } };
        if (model is not null)
            tags.Add(TelemetryNames.RequestModel, model);
        if (provider is not null)
            tags.Add(TelemetryNames.GenAIProvider, provider);
        if (error is not null)
            tags.Add(TelemetryNames.Error, error);
        CallDuration.Record(duration.TotalSeconds, tags);
    }

    private static void Fail(Activity call, string? error)
    {
        if (error is not null)
            call.SetTag(TelemetryNames.Error, error).SetStatus(ActivityStatusCode.Error);
    }
}
