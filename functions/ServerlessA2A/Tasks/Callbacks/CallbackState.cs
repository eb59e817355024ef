namespace ServerlessA2A.Tasks.Callbacks;

/// <summary>What the signed state of a callback says.</summary>
/// <param name="TaskId">The task that the callback continues.</param>
/// <param name="Id">The id of the callback, which makes it single-use.</param>
/// <param name="ExpiresAt">When it expires, in whole seconds.</param>
/// <param name="Subject">What it is for; empty for nothing.</param>
internal sealed record CallbackState(string TaskId, string Id, DateTimeOffset ExpiresAt, string Subject);
