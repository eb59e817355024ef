namespace ServerlessA2A.GoogleCloud.Gemini.Tools;

/// <summary>A tool can't go on without the client. Made by <see cref="ToolContext.Ask"/> and <see cref="ToolContext.RequireAuthorization"/>, to be thrown.</summary>
public sealed class ToolInterruptionException : Exception
{
    internal ToolInterruptionException(string callId, string message, bool isAuthorization) : base(message) =>
        (CallId, IsAuthorization) = (callId, isAuthorization);

    /// <summary>The call that waits (<see cref="ToolContext.CallId"/>).</summary>
    public string CallId { get; }

    /// <summary>Whether the client has to authorize something, rather than answer.</summary>
    public bool IsAuthorization { get; }
}
