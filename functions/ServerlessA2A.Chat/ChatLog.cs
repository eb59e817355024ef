using Microsoft.Extensions.Logging;

namespace ServerlessA2A.Chat;

/// <summary>Log events of the agent: ids 6000 to 6999, each with the task's id. Message content is not logged.</summary>
internal static partial class ChatLog
{
    [LoggerMessage(6000, LogLevel.Debug,
        "Model turn {Turn} of task {TaskId} finished on {Model} with {FinishReason}; {InputTokens} tokens in, {OutputTokens} out")]
    public static partial void TurnEnded(
        ILogger logger, string taskId, int turn, string? model, string? finishReason, long inputTokens, long outputTokens);

    [LoggerMessage(6001, LogLevel.Warning, "Tool {Tool} failed in task {TaskId}; error returned to the model")]
    public static partial void ToolFailed(ILogger logger, Exception exception, string taskId, string tool);

    [LoggerMessage(6002, LogLevel.Warning, "Tool {Tool} did not finish within {Limit} in task {TaskId}; error returned to the model")]
    public static partial void ToolTimedOut(ILogger logger, string taskId, string tool, TimeSpan limit);

    [LoggerMessage(6003, LogLevel.Warning, "Checkpoint of task {TaskId} is of another agent; conversation restarted")]
    public static partial void CheckpointUnknown(ILogger logger, Exception? exception, string taskId);

    [LoggerMessage(6004, LogLevel.Error, "Model {Model} could not be called; task {TaskId} failed")]
    public static partial void ModelFailed(ILogger logger, Exception exception, string taskId, string? model);

    [LoggerMessage(6005, LogLevel.Information, "Content blocked by the model's filters in task {TaskId}: {Reason}")]
    public static partial void Blocked(ILogger logger, string taskId, string reason);

    [LoggerMessage(6006, LogLevel.Warning, "Model turn limit {MaxTurns} exceeded; task {TaskId} failed")]
    public static partial void TurnsUsedUp(ILogger logger, string taskId, int maxTurns);

    [LoggerMessage(6008, LogLevel.Warning, "Answer broke off in turn {Turn} of task {TaskId}; the next turn continues it")]
    public static partial void AnswerBrokeOff(ILogger logger, Exception exception, string taskId, int turn);

    [LoggerMessage(6007, LogLevel.Warning,
        "File rejected in task {TaskId}: {Denial}", EventName = "FileRefused")]
    public static partial void FileRefused(ILogger logger, string taskId, string denial);
}
