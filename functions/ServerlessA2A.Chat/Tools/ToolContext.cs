using System.Security.Cryptography;
using System.Text;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Messages;

namespace ServerlessA2A.Chat.Tools;

/// <summary>
/// A tool's view of its task, and its way to the client. A method registered as a tool gets it as a parameter, which the model does not
/// see.
/// </summary>
public sealed class ToolContext
{
    private readonly Action<string> _report;
    private readonly Action<string> _save;

    internal ToolContext(
        AgentContext agent, string callId, string? answer, CallbackResult? callback, string? saved, Action<string> report,
        Action<string> save) =>
        (Agent, CallId, Answer, Callback, Saved, _report, _save) = (agent, callId, answer, callback, saved, report, save);

    /// <summary>The agent's context: the task, its messages and their senders.</summary>
    public AgentContext Agent { get; }

    /// <summary>The id of this call within its task: the same when the call is repeated after a crash or a question.</summary>
    public string CallId { get; }

    /// <summary>The client's answer to <see cref="Ask"/> or <see cref="RequireAuthorization"/>; null in the first call.</summary>
    public string? Answer { get; }

    /// <summary>The number of the client's answers to this call. Default: 0, if there is none.</summary>
    internal int AnswerCount { get; init; }

    /// <summary>
    /// What a browser brought to the callback that this call created with <see cref="CreateCallback"/>, the newest one; null until then.
    /// The model does not get it.
    /// </summary>
    public CallbackResult? Callback { get; }

    /// <summary>What this call saved last with <see cref="Save"/>, before a crash, a hand-over or a question; null for nothing.</summary>
    public string? Saved { get; private set; }

    /// <summary>
    /// Saves how far this call is, with the task's next checkpoint: after a crash, a hand-over or a question the call is repeated with
    /// <see cref="Saved"/> set. The model does not get it.
    /// </summary>
    public void Save(string progress) => _save(Saved = progress);

    /// <summary>Reports progress to the client: a status update, while the task stays WORKING.</summary>
    public void Report(string progress) => _report(progress);

    /// <summary>
    /// <c>throw tool.Ask("Which account?")</c>: the task becomes INPUT_REQUIRED. After the client's answer the tool is called again with
    /// the same arguments and with <see cref="Answer"/> set.
    /// </summary>
    public ToolInterruptionException Ask(string question) => new(CallId, question, isAuthorization: false);

    /// <summary>
    /// <c>throw tool.RequireAuthorization("Sign in at …")</c>: the task becomes AUTH_REQUIRED. After the client's answer the tool is
    /// called again with the same arguments and with <see cref="Answer"/> set. After the callback of <see cref="CreateCallback"/> it is
    /// called again with <see cref="Callback"/> set.
    /// </summary>
    /// <param name="what">The authorization that is needed, for the client.</param>
    /// <param name="details">Further parts for the client, such as data with the link. Default: none.</param>
    public ToolInterruptionException RequireAuthorization(string what, params IReadOnlyList<Part> details) =>
        new(CallId, what, isAuthorization: true, details);

    /// <summary>
    /// <c>throw tool.Sleep(TimeSpan.FromMinutes(10))</c>: the tool waits for something, and the task sleeps without an instance
    /// (<see cref="AgentUpdate.Sleep"/>), once the other tools are done. The tool is called again with the same arguments and with
    /// <see cref="Saved"/> when the address of <see cref="AgentContext.CreateWebhook"/> is called, when the client sends a message, which
    /// goes to the model, or when the time is over.
    /// </summary>
    /// <param name="atMost">The longest time.</param>
    public ToolInterruptionException Sleep(TimeSpan atMost) => new(CallId, atMost);

    /// <summary>Whether <see cref="Sleep"/> is possible: not in a workflow of Agent Framework. Default: true.</summary>
    internal bool MaySleep { get; init; } = true;

    /// <summary>
    /// Creates an address to which a browser returns from an authorization (<see cref="AgentContext.CreateCallback"/>). Put it into a link
    /// and throw <see cref="RequireAuthorization"/> with it; the first call of the address calls the tool again with
    /// <see cref="Callback"/> set.
    /// </summary>
    /// <param name="lifetime">How long it is valid, at most <c>A2A:Tasks:Retention</c>. Default: 1 hour.</param>
    public AgentCallback CreateCallback(TimeSpan? lifetime = null) => Agent.CreateCallback(SubjectOf(CallId), lifetime);

    /// <summary>The subject of a call's callbacks. Models choose the ids of calls, and some are long.</summary>
    internal static string SubjectOf(string callId) =>
        callId.Length <= 100 ? callId : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(callId)));
}
