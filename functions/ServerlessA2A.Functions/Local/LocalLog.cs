using Microsoft.Extensions.Logging;

namespace ServerlessA2A.Functions.Local;

/// <summary>The log events of the local host: ids 5000 to 5099.</summary>
internal static partial class LocalLog
{
    [LoggerMessage(5000, LogLevel.Error, "RunTaskFunction failed for task {TaskId}; it is delivered again in {Delay}.")]
    public static partial void WillDeliverAgain(ILogger logger, Exception exception, string taskId, TimeSpan delay);
}
