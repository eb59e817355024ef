using Microsoft.Extensions.AI;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.GoogleCloud.Gemini.Conversations;

/// <summary>What a model is shown of what was said before: earlier tasks of the conversation, and earlier turns of this one.</summary>
internal static class Memory
{
    /// <summary>How many earlier tasks are read at first.</summary>
    private const int FirstLook = 5;

    /// <summary>The earlier tasks of the conversation, oldest first: what was asked, what was answered.</summary>
    /// <param name="task">The task that is at work.</param>
    /// <param name="files">Which files may be given by their address; others are left out, as all that can't be read.</param>
    /// <param name="count">How many tasks are read.</param>
    /// <param name="budget">How many tokens of it will be shown at most.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<IReadOnlyList<ChatMessage>> ReadAsync(AgentContext task, Files files, int count, long budget, CancellationToken cancellationToken)
    {
        if (count == 0)
            return [];
        var earlier = await task.ReadEarlierTasksAsync(Math.Min(count, FirstLook), cancellationToken);
        // Most conversations are short, and what is long need not be read to its beginning.
        if (earlier.Count == FirstLook && count > FirstLook && earlier.SelectMany(earlierTask => ToMessages(earlierTask, files)).Sum(TokenEstimate.Of) < budget)
            earlier = await task.ReadEarlierTasksAsync(count, cancellationToken);
        return [.. earlier.Where(IsWorthRemembering).Reverse().SelectMany(earlierTask => ToMessages(earlierTask, files))];
    }

    /// <summary>
    /// As much as the budget allows of what was said before. The oldest is left out first: earlier tasks, from one message of a client to the
    /// next, then earlier rounds of the task itself, question and answer. So no answer loses its question and no result its call. What the
    /// task is about, and all since its last question, stays.
    /// </summary>
    /// <param name="memory">Earlier tasks, oldest first.</param>
    /// <param name="own">The task's own conversation.</param>
    /// <param name="budget">In tokens, as estimated.</param>
    public static IReadOnlyList<ChatMessage> Fit(IReadOnlyList<ChatMessage> memory, IReadOnlyList<ChatMessage> own, long budget)
    {
        var (kept, rest) = FitOwn(own, budget);
        // Where some of the task itself does not fit, what was before it doesn't either.
        return rest is { } left ? [.. memory.Skip(BeginWithin(memory, left)), .. kept] : kept;
    }

    private static (IReadOnlyList<ChatMessage> Kept, long? Left) FitOwn(IReadOnlyList<ChatMessage> own, long budget)
    {
        // Of several messages in a row the last one counts: a tool that has asked twice has its result before them all.
        var heard = Enumerable.Range(0, own.Count).Where(i => own[i].MessageId is not null && own.ElementAtOrDefault(i + 1)?.MessageId is null).ToList();
        if (heard.Count < 3)
            return (own, budget);
        // A round ends with what the client has said; the last one is still open.
        for (var round = heard.Count - 2; round >= 1; round--)
        {
            for (var i = heard[round - 1] + 1; i <= heard[round]; i++)
                budget -= TokenEstimate.Of(own[i]);
            if (budget < 0)
                return ([.. own.Take(heard[0] + 1), .. own.Skip(heard[round] + 1)], null);
        }

        return (own, budget);
    }

    private static int BeginWithin(IReadOnlyList<ChatMessage> messages, long budget)
    {
        var begin = messages.Count;
        for (var i = messages.Count - 1; i >= 0; i--)
        {
            budget -= TokenEstimate.Of(messages[i]);
            if (budget < 0)
                break;
            if (CanBegin(messages[i]))
                begin = i;
        }

        return begin;
    }

    private static bool CanBegin(ChatMessage message) =>
        message.MessageId is not null && message.AdditionalProperties?.ContainsKey(ConversationState.AnswersTool) != true;

    /// <summary>What still goes on belongs to nobody's past; a prompt that was refused would have this one refused too.</summary>
    private static bool IsWorthRemembering(A2ATask task) => task.Status.State is TaskState.Completed or TaskState.Failed or TaskState.Canceled;

    private static IEnumerable<ChatMessage> ToMessages(A2ATask task, Files files)
    {
        foreach (var message in task.History ?? [])
        {
            if (ToMessage(message.Role == Role.User ? ChatRole.User : ChatRole.Assistant, Remembered(task, message.Parts), files) is not { } said)
                continue;
            said.MessageId = message.Role == Role.User ? message.MessageId : null;
            yield return said;
        }

        var answer = (task.Artifacts ?? []).SelectMany(artifact => artifact.Parts);
        // What a completed task closes with is part of its answer; what others close with is about their end.
        var closing = task.Status is { State: TaskState.Completed, Message: { } last } ? last.Parts : [];
        if (ToMessage(ChatRole.Assistant, Remembered(task, [.. answer, .. closing]), files) is { } answered)
            yield return answered;
    }

    /// <summary>A file may be what a task has failed of, and must not fail all that follow.</summary>
    private static IReadOnlyList<Part> Remembered(A2ATask task, IReadOnlyList<Part> parts) =>
        task.Status.State == TaskState.Failed ? [.. parts.Where(part => part.Raw is null && part.Url is null)] : parts;

    /// <summary>Parts that can't be read are left out: they failed their own task, and need not fail this one.</summary>
    private static ChatMessage? ToMessage(ChatRole role, IReadOnlyList<Part> parts, Files files)
    {
        var contents = new List<AIContent>();
        foreach (var part in parts)
        {
            try
            {
                contents.AddRange(MessageContents.Of([part], "parts", files));
            }
            catch (UnreadablePartException)
            {
                continue;
            }
        }

        return contents.Count > 0 ? new ChatMessage(role, contents) : null;
    }
}
