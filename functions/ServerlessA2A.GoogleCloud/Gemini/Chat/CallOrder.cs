using Microsoft.Extensions.AI;

namespace ServerlessA2A.GoogleCloud.Gemini.Chat;

/// <summary>
/// The order in which the model made the calls of a conversation. Gemini matches results without an id by position, and parallel tools
/// finish in any order, so results are sent in the order of their calls.
/// </summary>
internal sealed class CallOrder
{
    private readonly Dictionary<string, (int Order, FunctionCallContent Call)> _calls = [];

    /// <summary>Finds the calls of a conversation. If several have the same id, the last one counts.</summary>
    public CallOrder(IEnumerable<ChatMessage> messages)
    {
        foreach (var (order, call) in messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().Index())
            _calls[call.CallId] = (order, call);
    }

    /// <summary>The call with an id.</summary>
    /// <exception cref="NotSupportedException">The conversation has no such call.</exception>
    public FunctionCallContent Of(string callId) => _calls.TryGetValue(callId, out var found)
        ? found.Call
        : throw new NotSupportedException($"The result of the call '{callId}' has no matching call.");

    /// <summary>The position of a result among those of its turn; other contents follow in their own order.</summary>
    public int OrderOf(AIContent content) =>
        content is FunctionResultContent result && _calls.TryGetValue(result.CallId, out var found) ? found.Order : int.MaxValue;
}
