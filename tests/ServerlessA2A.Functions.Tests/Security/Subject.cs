namespace ServerlessA2A.Functions.Tests.Security;

/// <summary>What the requests of a cell are about: a task of the right caller's that waits for an answer, and has a webhook.</summary>
internal sealed record Subject(string TaskId, string ContextId, string MessageId)
{
    public const string Webhook = "hook";
    public const string Url = "https://example.com/hook";

    /// <summary>What makes the agent ask, and finishes the task when it comes again.</summary>
    public const string Text = "ask";

    /// <summary>The same, of a task that nobody has.</summary>
    public Subject NotThere() => this with { TaskId = Guid.NewGuid().ToString(), ContextId = Guid.NewGuid().ToString() };
}
