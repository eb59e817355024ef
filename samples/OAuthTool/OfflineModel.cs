using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace OAuthTool;

/// <summary>Stands for a model without a network: it calls read_calendar, and repeats the result.</summary>
public sealed class OfflineModel : IChatClient
{
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        var result = messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>().LastOrDefault();
        AIContent content = result is null
            ? new FunctionCallContent("call-1", "read_calendar")
            : new TextContent($"The calendar says: {result.Result}");
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
