using ServerlessA2A.Agents;

namespace ServerlessA2A.Chat.Tools;

/// <summary>
/// A tool's view of its task, and its way to the client. A method registered as a tool gets it as a parameter, which the model does not
/// see.
/// </summary>
public sealed class ToolContext
{
    private readonly Action<string> _report;

    internal ToolContext(AgentContext agent, string callId, string? answer, Action<string> report) =>
        (Agent, CallId, Answer, _report) = (agent, callId, answer, report);

    /// <summary>The agent's context: the task, its messages and their senders.</summary>
    public AgentContext Agent { get; }

    /// <summary>The id of this call within its task: the same when the call is repeated after a crash or a question.</summary>
    public string CallId { get; }

    /// <summary>The client's answer to <see cref="Ask"/> or <see cref="RequireAuthorization"/>; null in the first call.</summary>
    public string? Answer { get; }

    /// <summary>Reports progress to the client: a status update, while the task stays WORKING.</summary>
    public void Report(string progress) => _report(progress);

    /// <summary>
    /// <c>throw tool.Ask("Which account?")</c>: the task becomes INPUT_REQUIRED. After the client's answer the tool is called again with
    /// the same arguments and with <see cref="Answer"/> set.
    /// </summary>
    public ToolInterruptionException Ask(string question) => new(CallId, question, isAuthorization: false);

    /// <summary>
    /// <c>throw tool.RequireAuthorization("Sign in at …")</c>: the task becomes AUTH_REQUIRED. After the client's answer the tool is
    /// called again with the same arguments and with <see cref="Answer"/> set.
    /// </summary>
    public ToolInterruptionException RequireAuthorization(string what) => new(CallId, what, isAuthorization: true);
}
