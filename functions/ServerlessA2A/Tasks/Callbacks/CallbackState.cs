namespace ServerlessA2A.Tasks.Callbacks;

/// <summary>What the signed state of a callback says.</summary>
/// <param name="TaskId">The task that the callback continues.</param>
/// <param name="Id">The id of the callback, which makes it single-use.</param>
/// <param name="ExpiresAt">When it expires, in whole seconds.</param>
/// <param name="Subject">What it is for; empty for nothing.</param>
internal sealed record CallbackState(string TaskId, string Id, DateTimeOffset ExpiresAt, string Subject)
{
    /// <summary>
    /// The subject of webhooks. The other agent that has the address can wake the task with it, and cannot send it a browser's callback.
    /// </summary>
    public const string Webhook = "serverlessa2a.webhook";

    /// <summary>Whether it is the state of a webhook.</summary>
    public bool IsWebhook => Subject == Webhook;
}
