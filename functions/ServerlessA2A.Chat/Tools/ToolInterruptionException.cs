namespace ServerlessA2A.Chat.Tools;

/// <summary>
/// A tool needs the client. Created by <see cref="ToolContext.Ask"/> and <see cref="ToolContext.RequireAuthorization"/>, to be thrown.
/// </summary>
public sealed class ToolInterruptionException : Exception
{
    internal ToolInterruptionException(string callId, string message, bool isAuthorization) : base(message) =>
        (CallId, IsAuthorization) = (callId, isAuthorization);

    /// <summary>The call that needs the client (<see cref="ToolContext.CallId"/>).</summary>
    public string CallId { get; }

    /// <summary>Whether the client must authorize something instead of answering.</summary>
    public bool IsAuthorization { get; }
}
