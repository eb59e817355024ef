using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;

namespace ServerlessA2A.AgentFramework.Runs;

/// <summary>
/// The messages of a run so far: what the agent was given and what it said. Another run that is given them continues, without repeating
/// a tool call that has its result.
/// </summary>
internal sealed class Transcript
{
    private readonly List<ChatMessage> _given;
    private readonly List<AgentResponseUpdate> _updates = [];
    private readonly Dictionary<string, FunctionCallContent> _openCalls = [];

    /// <param name="given">The messages that the agent was given.</param>
    /// <param name="breaksOff">Whether an earlier run was left amid the last of them, which the agent continues.</param>
    public Transcript(IReadOnlyList<ChatMessage> given, bool breaksOff)
    {
        _given = [.. given];
        if (!breaksOff || _given[^1].Role != ChatRole.Assistant)
            return;
        // As the first update it becomes one message with its rest.
        var begun = _given[^1];
        _given.Remove(begun);
        _updates.Add(new AgentResponseUpdate(begun.Role, begun.Contents) { AuthorName = begun.AuthorName });
    }

    /// <summary>Calls that have no result yet.</summary>
    public IReadOnlyCollection<FunctionCallContent> OpenCalls => _openCalls.Values;

    /// <summary>Whether the agent has said anything.</summary>
    public bool HasAny => _updates.Count > 0;

    /// <summary>Adds messages that the agent is given beside the first ones.</summary>
    public void Add(IEnumerable<ChatMessage> messages) => _given.AddRange(messages);

    /// <summary>Adds an update. True if it brings results and no call is open: then the run can be saved.</summary>
    public bool Add(AgentResponseUpdate update)
    {
        _updates.Add(update);
        var hasResults = false;
        foreach (var content in update.Contents)
        {
            if (content is FunctionCallContent call)
                _openCalls[call.CallId] = call;
            if (content is FunctionResultContent result)
                (hasResults, _) = (true, _openCalls.Remove(result.CallId));
        }

        return hasResults && _openCalls.Count == 0;
    }

    /// <summary>The text of the agent's last message.</summary>
    public string LastText() => _updates.ToAgentResponse().Messages.LastOrDefault(message => message.Text.Length > 0)?.Text ?? "";

    /// <summary>The messages that another run continues from: calls without a result are left out, and made again.</summary>
    public IReadOnlyList<ChatMessage> ToMessages()
    {
        var all = _given.Concat(_updates.ToAgentResponse().Messages).ToList();
        var done = all.SelectMany(message => message.Contents).OfType<FunctionResultContent>().Select(result => result.CallId).ToHashSet();
        var kept = new List<ChatMessage>();
        foreach (var message in all)
        {
            List<AIContent> contents = [.. message.Contents.Where(content => content switch
            {
                FunctionCallContent call => done.Contains(call.CallId),
                ToolApprovalRequestContent or UsageContent or ErrorContent => false,
                _ => true,
            })];
            if (contents.Count > 0)
                kept.Add(new ChatMessage(message.Role, contents) { AuthorName = message.AuthorName, MessageId = message.MessageId });
        }

        return kept;
    }
}
