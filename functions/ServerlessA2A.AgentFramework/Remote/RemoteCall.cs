using Microsoft.Extensions.AI;
using ServerlessA2A.Protocol.Messages;

namespace ServerlessA2A.AgentFramework.Remote;

/// <summary>A call of a remote agent that has no result yet. Another run waits for the same task of that agent.</summary>
internal sealed record RemoteCall
{
    /// <summary>The call of the model.</summary>
    public required FunctionCallContent Call { get; init; }

    /// <summary>How far the call is, as the tool has saved it; null for nothing.</summary>
    public string? Progress { get; init; }

    /// <summary>Whether the remote agent waits for an answer of the client.</summary>
    public bool IsQuestion { get; init; }

    /// <summary>The client's newest answer; null for none.</summary>
    public string? Answer { get; init; }

    /// <summary>The number of the client's answers.</summary>
    public int AnswerCount { get; init; }

    /// <summary>Applies the client's message: its text answers the remote agent, if that has asked.</summary>
    public RemoteCall Hear(Message message)
    {
        var text = string.Join('\n', message.Parts.Select(part => part.Text ?? part.Data?.GetRawText()).OfType<string>());
        return IsQuestion && text.Length > 0
            ? this with { Answer = text, AnswerCount = AnswerCount + 1, IsQuestion = false }
            : this;
    }
}
