using Microsoft.Extensions.Logging;

namespace ServerlessA2A.Functions.Local;

/// <summary>Log events of the local host: ids 5000 to 5099.</summary>
internal static partial class LocalLog
{
    [LoggerMessage(5000, LogLevel.Error, "{Function} failed for message {MessageId}; redelivering")]
    public static partial void NotAcknowledged(ILogger logger, Exception exception, string function, string? messageId);

    [LoggerMessage(5001, LogLevel.Warning, "Pub/Sub emulator not responding; retrying: {Reason}")]
    public static partial void PubSubDoesNotAnswer(ILogger logger, string reason);
}
