using Microsoft.Extensions.AI;

namespace ServerlessA2A.Chat.Tests.Scripted;

/// <summary>A call of the model.</summary>
/// <param name="Messages">The conversation, as it was at the call.</param>
/// <param name="Options">The options.</param>
/// <param name="Ended">Ends when the call does: true if it was canceled.</param>
internal sealed record ModelCall(IReadOnlyList<ChatMessage> Messages, ChatOptions Options, Task<bool> Ended);
