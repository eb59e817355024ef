using ServerlessA2A.Protocol.Messages;

namespace ServerlessA2A.Chat.Tools;

/// <summary>
/// A tool needs the client, or waits. Created by <see cref="ToolContext.Ask"/>, <see cref="ToolContext.RequireAuthorization"/> and
/// <see cref="ToolContext.Sleep"/>, to be thrown.
/// </summary>
public sealed class ToolInterruptionException : Exception
{
    internal ToolInterruptionException(string callId, string message, bool isAuthorization, IReadOnlyList<Part>? details = null)
        : base(message) => (CallId, IsAuthorization, Details) = (callId, isAuthorization, details ?? []);

    internal ToolInterruptionException(string callId, TimeSpan sleepAtMost)
        : base("The tool waits.") => (CallId, SleepAtMost, Details) = (callId, sleepAtMost, []);

    /// <summary>The longest time that the tool waits without the client; null if it needs the client.</summary>
    public TimeSpan? SleepAtMost { get; }

    /// <summary>The call that needs the client, or waits (<see cref="ToolContext.CallId"/>).</summary>
    public string CallId { get; }

    /// <summary>Whether the client must authorize something instead of answering.</summary>
    public bool IsAuthorization { get; }

    /// <summary>Parts for the client that follow the text, such as data with a link. Default: none.</summary>
    public IReadOnlyList<Part> Details { get; }
}
