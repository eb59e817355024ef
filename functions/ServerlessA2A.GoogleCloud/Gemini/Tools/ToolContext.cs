using ServerlessA2A.Agents;

namespace ServerlessA2A.GoogleCloud.Gemini.Tools;

/// <summary>
/// What a tool sees of the task it works for, and how it speaks to the client. A method that is registered as a tool gets it as a
/// parameter; the model doesn't see that one.
/// </summary>
public sealed class ToolContext
{
    private readonly Action<string> _report;

    internal ToolContext(AgentContext agent, string callId, string? answer, Action<string> report) =>
        (Agent, CallId, Answer, _report) = (agent, callId, answer, report);

    /// <summary>What the agent was given: the task, its messages, and who sent them.</summary>
    public AgentContext Agent { get; }

    /// <summary>The id of this call within its task: the same when the call is made again after a crash or a question.</summary>
    public string CallId { get; }

    /// <summary>What the client has said to <see cref="Ask"/> or <see cref="RequireAuthorization"/>; null at the first call.</summary>
    public string? Answer { get; }

    /// <summary>Tells the client how far the work is: a status update, while the task stays WORKING.</summary>
    public void Report(string progress) => _report(progress);

    /// <summary>
    /// <c>throw tool.Ask("Which account?")</c>: the task becomes INPUT_REQUIRED. When the client has spoken, the tool is called again with
    /// the same arguments, and <see cref="Answer"/> is there.
    /// </summary>
    public ToolInterruptionException Ask(string question) => new(CallId, question, isAuthorization: false);

    /// <summary>
    /// <c>throw tool.RequireAuthorization("Sign in at …")</c>: the task becomes AUTH_REQUIRED. When the client has spoken, the tool is called
    /// again with the same arguments, and <see cref="Answer"/> is there.
    /// </summary>
    public ToolInterruptionException RequireAuthorization(string what) => new(CallId, what, isAuthorization: true);
}
