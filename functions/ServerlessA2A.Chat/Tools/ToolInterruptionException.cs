using ServerlessA2A.Protocol.Messages;

namespace ServerlessA2A.Chat.Tools;

/// <summary>
/// A tool needs the client. Created by <see cref="ToolContext.Ask"/> and <see cref="ToolContext.RequireAuthorization"/>, to be thrown.
/// </summary>
public sealed class ToolInterruptionException : Exception
{
    internal ToolInterruptionException(string callId, string message, bool isAuthorization, IReadOnlyList<Part>? details = null)
        : base(message) => (CallId, IsAuthorization, Details) = (callId, isAuthorization, details ?? []);

    /// <summary>The call that needs the client (<see cref="ToolContext.CallId"/>).</summary>
    public string CallId { get; }

    /// <summary>Whether the client must authorize something instead of answering.</summary>
    public bool IsAuthorization { get; }

    /// <summary>Parts for the client that follow the text, such as data with a link. Default: none.</summary>
    public IReadOnlyList<Part> Details { get; }
}
