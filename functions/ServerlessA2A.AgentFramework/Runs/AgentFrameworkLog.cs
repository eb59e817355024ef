using Microsoft.Extensions.Logging;

namespace ServerlessA2A.AgentFramework.Runs;

/// <summary>What is logged of hosted agents.</summary>
internal static partial class AgentFrameworkLog
{
    [LoggerMessage(9001, LogLevel.Warning, "Checkpoint of task {TaskId} is of another agent; task restarted")]
    public static partial void CheckpointUnknown(ILogger logger, Exception? exception, string taskId);

    [LoggerMessage(9002, LogLevel.Warning, "Session of an earlier task cannot be read; task {TaskId} starts a new session")]
    public static partial void EarlierSessionUnreadable(ILogger logger, Exception exception, string taskId);

    [LoggerMessage(9003, LogLevel.Warning, "Run broke off in task {TaskId}; another run continues it")]
    public static partial void RunBrokeOff(ILogger logger, Exception exception, string taskId);
}
