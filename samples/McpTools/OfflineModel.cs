using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace McpTools;

/// <summary>Stands for a model without a network: it takes the message for a time zone, and calls get_time with it.</summary>
public sealed class OfflineModel : IChatClient
{
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        var last = messages.Last();
        AIContent content = last.Contents.OfType<FunctionResultContent>().FirstOrDefault() is { } result
            ? new TextContent($"The clock says {result.Result}.")
            : new FunctionCallContent("call-1", "get_time", new Dictionary<string, object?> { ["zone"] = last.Text });
        yield return new ChatResponseUpdate(ChatRole.Assistant, [content]) { FinishReason = ChatFinishReason.Stop };
    }

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
