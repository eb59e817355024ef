using Microsoft.Extensions.Logging;

namespace ServerlessA2A.GoogleCloud.Gemini;

/// <summary>The log events of the agent: ids 6000 to 6999, each with the task's id. What was said is not logged.</summary>
internal static partial class GeminiLog
{
    [LoggerMessage(6000, LogLevel.Debug, "Task {TaskId}: turn {Turn} of {Model} has ended with {FinishReason}, after {InputTokens} tokens in and {OutputTokens} out.")]
    public static partial void TurnEnded(ILogger logger, string taskId, int turn, string model, string finishReason, long inputTokens, long outputTokens);

    [LoggerMessage(6001, LogLevel.Warning, "Task {TaskId}: the tool {Tool} has failed; the model is told.")]
    public static partial void ToolFailed(ILogger logger, Exception exception, string taskId, string tool);

    [LoggerMessage(6002, LogLevel.Warning, "Task {TaskId}: the tool {Tool} did not end within {Limit}; the model is told.")]
    public static partial void ToolTimedOut(ILogger logger, string taskId, string tool, TimeSpan limit);

    [LoggerMessage(6003, LogLevel.Warning, "Task {TaskId}: the checkpoint is none of this agent; the task begins anew.")]
    public static partial void CheckpointUnknown(ILogger logger, Exception? exception, string taskId);

    [LoggerMessage(6004, LogLevel.Error, "Task {TaskId} fails: {Model} could not be called.")]
    public static partial void ModelFailed(ILogger logger, Exception exception, string taskId, string model);

    [LoggerMessage(6005, LogLevel.Information, "Task {TaskId}: blocked by the model's filters: {Reason}")]
    public static partial void Blocked(ILogger logger, string taskId, string reason);

    [LoggerMessage(6006, LogLevel.Warning, "Task {TaskId} fails: {MaxTurns} turns of the model have not ended it.")]
    public static partial void TurnsUsedUp(ILogger logger, string taskId, int maxTurns);

    [LoggerMessage(6007, LogLevel.Warning, "File refused; the bucket {Bucket} is not in A2A:Gemini:Buckets (task {TaskId}).", EventName = "FileRefused")]
    public static partial void FileRefused(ILogger logger, string taskId, string bucket);
}
