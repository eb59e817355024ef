using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ServerlessA2A.Chat.Tests.Scripted;

/// <summary>
/// What a model does in a turn, step by step. A turn ends with a finish reason, unless it was cut, hangs or fails. It does not change, and
/// serves any number of calls.
/// </summary>
internal sealed class ScriptedTurn
{
    public static readonly ScriptedTurn Empty = new([], null, null);

    private readonly ImmutableList<Func<CancellationToken, Task<AIContent?>>> _steps;
    private readonly ChatFinishReason? _reason;
    private readonly UsageDetails? _usage;

    private ScriptedTurn(ImmutableList<Func<CancellationToken, Task<AIContent?>>> steps, ChatFinishReason? reason, UsageDetails? usage) =>
        (_steps, _reason, _usage) = (steps, reason, usage);

    /// <summary>Text, each chunk in an update of its own.</summary>
    public ScriptedTurn Say(params string[] chunks) => chunks.Aggregate(this, (turn, chunk) => turn.Give(() => new TextContent(chunk)));

    /// <summary>Text that is thought and not said.</summary>
    public ScriptedTurn Think(string text, string? seal = null) => Give(() => new TextReasoningContent(text) { ProtectedData = seal });

    /// <summary>A tool's call.</summary>
    /// <param name="name">The tool's.</param>
    /// <param name="args">What JSON makes an object of.</param>
    /// <param name="id">The call's id. Default: the name, to which the number of the step is added.</param>
    public ScriptedTurn Call(string name, object? args = null, string? id = null) => Give(() => new FunctionCallContent(
        id ?? $"{name}#{_steps.Count}", name, JsonSerializer.SerializeToElement(args ?? new { })
        .Deserialize<Dictionary<string, object?>>()));

    /// <summary>A call whose arguments the client could not read.</summary>
    public ScriptedTurn GarbledCall(string name) =>
        Give(() => new FunctionCallContent($"{name}#{_steps.Count}", name) { Exception = new JsonException("Not an object.") });

    public ScriptedTurn Image(byte[] data, string mediaType) => Give(() => new DataContent(data, mediaType));

    /// <summary>Whatever else a model may give.</summary>
    public ScriptedTurn Give(Func<AIContent> content) => With(_ => Task.FromResult<AIContent?>(content()));

    /// <summary>Nothing until a task of the test's has ended.</summary>
    public ScriptedTurn Wait(Task until) => With(async over =>
    {
        await until.WaitAsync(over);
        return null;
    });

    /// <summary>Nothing more until the call is canceled.</summary>
    public ScriptedTurn Hang() => With(async over =>
    {
        await Task.Delay(Timeout.Infinite, over);
        return null;
    });

    /// <summary>The client throws.</summary>
    public ScriptedTurn Fail(Exception failure) => With(_ => Task.FromException<AIContent?>(failure));

    /// <summary>What a client does after the update with the finish reason.</summary>
    public ScriptedTurn Ending(ChatFinishReason reason) => With(_ => Task.FromResult<AIContent?>(new EndContent(reason)));

    /// <summary>The stream ends without a finish reason.</summary>
    public ScriptedTurn Cut() => new(_steps, new ChatFinishReason("cut"), _usage);

    /// <summary>Why it ends, if it is not because all is said.</summary>
    public ScriptedTurn Finish(ChatFinishReason reason) => new(_steps, reason, _usage);

    /// <summary>The tokens that it took, in its last update.</summary>
    public ScriptedTurn WithUsage(int input, int output, int thoughts = 0) => new(
        _steps, _reason,
        new UsageDetails
        {
            InputTokenCount = input,
            OutputTokenCount = output,
            TotalTokenCount = input + output,
            ReasoningTokenCount = thoughts
        });

    public async IAsyncEnumerable<ChatResponseUpdate> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var hasCalls = false;
        foreach (var step in _steps)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            if (await step(cancellationToken) is not { } content)
                continue;
            hasCalls |= content is FunctionCallContent;
            if (content is EndContent end)
                yield return new ChatResponseUpdate { FinishReason = end.Reason };
            else
                yield return new ChatResponseUpdate(ChatRole.Assistant, [content]);
        }

        if (_reason?.Value != "cut")
            yield return new ChatResponseUpdate
            {
                FinishReason = _reason
                ?? (hasCalls ? ChatFinishReason.ToolCalls : ChatFinishReason.Stop)
            };
        if (_usage is { } usage)
            yield return new ChatResponseUpdate { Contents = [new UsageContent(usage)] };
    }

    /// <summary>Stands for the finish reason in the middle of the steps.</summary>
    private sealed class EndContent(ChatFinishReason reason) : AIContent
    {
        public ChatFinishReason Reason { get; } = reason;
    }

    private ScriptedTurn With(Func<CancellationToken, Task<AIContent?>> step) => new(_steps.Add(step), _reason, _usage);
}
