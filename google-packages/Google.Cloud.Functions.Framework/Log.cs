using Microsoft.Extensions.Logging;

namespace Google.Cloud.Functions.Framework;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Error, "{Reason}")]
    public static partial void NotACloudEvent(ILogger logger, string reason);

    [LoggerMessage(LogLevel.Warning, "Request path did not represent a Pub/Sub topic name. The event will contain the unknown topic name of '{Name}'")]
    public static partial void NotATopic(ILogger logger, string name);
}
