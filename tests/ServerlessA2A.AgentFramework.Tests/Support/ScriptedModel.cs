using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace ServerlessA2A.AgentFramework.Tests.Support;

/// <summary>A chat client that gives the answers that a test enqueues, one for each call.</summary>
internal sealed class ScriptedModel : IChatClient
{
    private readonly Queue<object[]> _turns = [];
    private readonly List<string> _calls = [];

    /// <summary>The conversation of each call, in short.</summary>
    public IReadOnlyList<string> Calls => _calls;

    /// <summary>Ends when a turn hangs.</summary>
    public TaskCompletionSource Hanging { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>
    /// Enqueues a turn: texts, contents, a finish reason, an exception that is thrown, a task that is awaited, or
    /// <see cref="Timeout.InfiniteTimeSpan"/> to wait until cancelled.
    /// </summary>
    public ScriptedModel Then(params object[] turn)
    {
        lock (_turns)
            _turns.Enqueue(turn);
        return this;
    }

    /// <summary>A call of a tool.</summary>
    public static FunctionCallContent Call(string name, string id, params (string Name, object? Value)[] arguments) =>
        new(id, name, arguments.ToDictionary(argument => argument.Name, argument => argument.Value));

    /// <summary>The tokens of a call.</summary>
    public static UsageContent Usage(int input, int output) => new(new UsageDetails { InputTokenCount = input, OutputTokenCount = output });

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        object[] turn;
        lock (_turns)
        {
            _calls.Add(string.Join('\n', messages.Select(Shown)));
            turn = _turns.Dequeue();
        }

        var id = Guid.NewGuid().ToString("N");
        foreach (var step in turn)
        {
            if (step is Exception failure)
                throw failure;
            if (step is Func<Task> wait)
            {
                await wait().WaitAsync(cancellationToken);
                continue;
            }

            if (step is TimeSpan)
            {
                Hanging.TrySetResult();
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            if (step is ChatFinishReason reason)
            {
                yield return new ChatResponseUpdate { Role = ChatRole.Assistant, MessageId = id, ResponseId = id, FinishReason = reason };
                continue;
            }

            AIContent content = step is string text ? new TextContent(text) : (AIContent)step;
            yield return new ChatResponseUpdate(ChatRole.Assistant, [content]) { MessageId = id, ResponseId = id, ModelId = "scripted-1" };
        }
    }

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("scripted") : serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }

    private static string Shown(ChatMessage message) => $"{message.Role}: " + string.Join(" | ", message.Contents.Select(Shown));

    private static string Shown(AIContent content) => content switch
    {
        TextContent text => text.Text,
        FunctionCallContent call => $"{call.Name}({string.Join(", ", (call.Arguments ?? new Dictionary<string, object?>()).Values)})",
        FunctionResultContent result => $"{result.CallId}={result.Result}",
        _ => content.GetType().Name,
    };
}
