using Microsoft.Extensions.AI;

namespace ServerlessA2A.GoogleCloud.Gemini.Chat;

/// <summary>
/// The calls of a conversation in the order in which the model made them. Gemini matches results without an id by their position, and tools
/// that run together end in any order: so results are sent in the order of their calls.
/// </summary>
internal sealed class CallOrder
{
    private readonly Dictionary<string, (int Order, FunctionCallContent Call)> _calls = [];

    /// <summary>Finds the calls of a conversation. Where several have one id, the last one counts.</summary>
    public CallOrder(IEnumerable<ChatMessage> messages)
    {
        foreach (var (order, call) in messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().Index())
            _calls[call.CallId] = (order, call);
    }

    /// <summary>The call with an id.</summary>
    /// <exception cref="NotSupportedException">The conversation has no such call.</exception>
    public FunctionCallContent Of(string callId) => _calls.TryGetValue(callId, out var found)
        ? found.Call
        : throw new NotSupportedException($"The result of the call '{callId}' comes without the call.");

    /// <summary>Where a result belongs among the results of its turn; other contents come behind them, in the order they have.</summary>
    public int OrderOf(AIContent content) =>
        content is FunctionResultContent result && _calls.TryGetValue(result.CallId, out var found) ? found.Order : int.MaxValue;
}
