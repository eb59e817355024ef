using Microsoft.Extensions.AI;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol;

namespace ServerlessA2A.GoogleCloud.Gemini.Conversations;

/// <summary>What a model is shown of what was said before: earlier tasks of the conversation, and earlier turns of this one.</summary>
internal static class Memory
{
    /// <summary>The earlier tasks of the conversation, oldest first: what was asked, what was answered.</summary>
    /// <param name="task">The task that is at work.</param>
    /// <param name="count">How many tasks are read.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<IReadOnlyList<ChatMessage>> ReadAsync(AgentTask task, int count, CancellationToken cancellationToken)
    {
        if (count == 0)
            return [];
        var earlier = await task.ReadEarlierTasksAsync(count, cancellationToken);
        return [.. earlier.Where(IsWorthRemembering).Reverse().SelectMany(ToMessages)];
    }

    /// <summary>
    /// As much of a conversation as the budget allows. It is cut where the client speaks, so that no answer loses its question and no
    /// result its call; what the client has said last, and all that came of it, stays.
    /// </summary>
    public static IReadOnlyList<ChatMessage> Fit(IReadOnlyList<ChatMessage> messages, long budget)
    {
        var begin = messages.Count - 1;
        while (begin > 0 && !CanBegin(messages, begin))
            begin--;
        var spent = 0L;
        for (var i = begin - 1; i >= 0; i--)
        {
            spent += TokenEstimate.Of(messages[i]);
            if (spent > budget)
                break;
            if (CanBegin(messages, i))
                begin = i;
        }

        return begin <= 0 ? messages : [.. messages.Skip(begin)];
    }

    private static bool CanBegin(IReadOnlyList<ChatMessage> messages, int index) =>
        messages[index].MessageId is not null && !ConversationState.AnswersTool(messages, index);

    /// <summary>What still goes on belongs to nobody's past; a prompt that was refused would have this one refused too.</summary>
    private static bool IsWorthRemembering(A2ATask task) => task.Status.State is TaskState.Completed or TaskState.Failed or TaskState.Canceled;

    private static IEnumerable<ChatMessage> ToMessages(A2ATask task)
    {
        foreach (var message in task.History ?? [])
        {
            if (ToMessage(message.Role == Role.User ? ChatRole.User : ChatRole.Assistant, message.Parts) is not { } said)
                continue;
            said.MessageId = message.Role == Role.User ? message.MessageId : null;
            yield return said;
        }

        var answer = (task.Artifacts ?? []).SelectMany(artifact => artifact.Parts);
        if (ToMessage(ChatRole.Assistant, [.. answer]) is { } answered)
            yield return answered;
    }

    /// <summary>Parts that can't be read are left out: they failed their own task, and need not fail this one.</summary>
    private static ChatMessage? ToMessage(ChatRole role, IReadOnlyList<Part> parts)
    {
        var contents = new List<AIContent>();
        foreach (var part in parts)
        {
            try
            {
                contents.AddRange(MessageContents.Of([part], "parts"));
            }
            catch (UnreadablePartException)
            {
                continue;
            }
        }

        return contents.Count > 0 ? new ChatMessage(role, contents) : null;
    }
}
