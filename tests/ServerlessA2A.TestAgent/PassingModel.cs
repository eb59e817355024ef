using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace ServerlessA2A.TestAgent;

/// <summary>A model that passes the client's message on to the tool <c>other</c>, and returns the result politely.</summary>
public sealed class PassingModel : IChatClient
{
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        var last = messages.Last();
        AIContent said = last.Contents.OfType<FunctionResultContent>().FirstOrDefault() is { } result
            ? new TextContent($"With pleasure: {result.Result}")
            : new FunctionCallContent("call-1", "other", new Dictionary<string, object?> { ["message"] = last.Text });
        yield return new ChatResponseUpdate(ChatRole.Assistant, [said])
        {
            FinishReason = said is TextContent ? ChatFinishReason.Stop : ChatFinishReason.ToolCalls,
        };
    }

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }
}
