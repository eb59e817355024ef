using Microsoft.Extensions.AI;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks.Callbacks;

namespace ServerlessA2A.Chat.Conversations;

/// <summary>Selects the history that a model gets: earlier tasks of the conversation, and earlier turns of this task.</summary>
internal static class Memory
{
    /// <summary>The number of earlier tasks that are read first.</summary>
    private const int FirstLook = 5;

    /// <summary>The earlier tasks of the conversation, oldest first: questions and answers.</summary>
    /// <param name="task">The current task.</param>
    /// <param name="files">The files that may be read at their address; other files are omitted, like all unreadable parts.</param>
    /// <param name="count">The maximum number of tasks.</param>
    /// <param name="budget">The maximum number of tokens.</param>
    /// <param name="cancellationToken">Cancels the reads.</param>
    public static async Task<IReadOnlyList<ChatMessage>> ReadAsync(
        AgentContext task, Files files, int count, long budget, CancellationToken cancellationToken)
    {
        if (count == 0)
            return [];
        var earlier = await task.ReadEarlierTasksAsync(Math.Min(count, FirstLook), cancellationToken);
        // Most conversations are short, and a long one need not be read to its beginning.
        if (earlier.Count == FirstLook && count > FirstLook &&
            earlier.SelectMany(earlierTask => ToMessages(earlierTask, files)).Sum(TokenEstimate.Of) < budget)
            earlier = await task.ReadEarlierTasksAsync(count, cancellationToken);
        return [.. earlier.Where(IsWorthRemembering).Reverse().SelectMany(earlierTask => ToMessages(earlierTask, files))];
    }

    /// <summary>
    /// Selects history within the budget. The oldest is dropped first: earlier tasks, in units from one message of the client to the next,
    /// then earlier rounds of question and answer of this task. So no answer loses its question and no result its call. The message that
    /// opened the task, and everything since its last question, always stay.
    /// </summary>
    /// <param name="memory">Earlier tasks, oldest first.</param>
    /// <param name="own">The task's own conversation.</param>
    /// <param name="budget">The budget in estimated tokens.</param>
    public static IReadOnlyList<ChatMessage> Fit(IReadOnlyList<ChatMessage> memory, IReadOnlyList<ChatMessage> own, long budget)
    {
        var (kept, rest) = FitOwn(own, budget);
        // If a part of the task itself does not fit, nothing before it does.
        return rest is { } left ? [.. memory.Skip(BeginWithin(memory, left)), .. kept] : kept;
    }

    private static (IReadOnlyList<ChatMessage> Kept, long? Left) FitOwn(IReadOnlyList<ChatMessage> own, long budget)
    {
        // Of consecutive messages the last one counts: a tool that has asked twice has its result before all of them.
        var heard = Enumerable.Range(0, own.Count)
            .Where(i => own[i].MessageId is not null && own.ElementAtOrDefault(i + 1)?.MessageId is null).ToList();
        if (heard.Count < 3)
            return (own, budget);
        // A round ends with the client's message; the last round is still open.
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

    /// <summary>Whether a task is history: unfinished tasks are not, and a blocked prompt would get this one blocked too.</summary>
    private static bool IsWorthRemembering(A2ATask task) =>
        task.Status.State is TaskState.Completed or TaskState.Failed or TaskState.Canceled;

    private static IEnumerable<ChatMessage> ToMessages(A2ATask task, Files files)
    {
        // The parameters of callbacks may be secret.
        foreach (var message in (task.History ?? []).Where(message => CallbackMessages.StateOf(message) is null))
        {
            var role = message.Role == Role.User ? ChatRole.User : ChatRole.Assistant;
            if (ToMessage(role, Remembered(task, message.Parts), files) is not { } said)
                continue;
            said.MessageId = message.Role == Role.User ? message.MessageId : null;
            yield return said;
        }

        var answer = (task.Artifacts ?? []).SelectMany(artifact => artifact.Parts);
        // The closing message of a completed task is part of its answer; those of others are about their end.
        var closing = task.Status is { State: TaskState.Completed, Message: { } last } ? last.Parts : [];
        if (ToMessage(ChatRole.Assistant, Remembered(task, [.. answer, .. closing]), files) is { } answered)
            yield return answered;
    }

    /// <summary>Omits files that may have failed a task, so that they do not fail the following ones.</summary>
    private static IReadOnlyList<Part> Remembered(A2ATask task, IReadOnlyList<Part> parts) =>
        task.Status.State == TaskState.Failed ? [.. parts.Where(part => part.Raw is null && part.Url is null)] : parts;

    /// <summary>Omits unreadable parts: they failed their own task and must not fail this one.</summary>
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
