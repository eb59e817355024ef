using Microsoft.Extensions.Logging;

namespace ServerlessA2A.Tasks;

/// <summary>
/// Log events of tasks: ids 1000 to 1999, each with the task's id. Errors need the operator; mistakes of clients are no errors.
/// </summary>
internal static partial class TaskLogMessages
{
    [LoggerMessage(1000, LogLevel.Debug, "Task created: {TaskId}")]
    public static partial void TaskCreated(ILogger logger, string taskId);

    [LoggerMessage(1001, LogLevel.Debug, "Task continued by its client: {TaskId}")]
    public static partial void TaskContinued(ILogger logger, string taskId);

    [LoggerMessage(1002, LogLevel.Information, "Task canceled by its client: {TaskId}")]
    public static partial void TaskCanceled(ILogger logger, string taskId);

    [LoggerMessage(1010, LogLevel.Debug, "Run not needed for task {TaskId} ({State}); request ignored")]
    public static partial void RunNotNeeded(ILogger logger, string taskId, string state);

    [LoggerMessage(1011, LogLevel.Debug, "Run in progress for task {TaskId} elsewhere until {Until} at least; request ignored")]
    public static partial void RunInProgress(ILogger logger, string taskId, DateTimeOffset until);

    [LoggerMessage(1012, LogLevel.Debug, "Run started for task {TaskId}: run {RunId}, attempt {Attempt}")]
    public static partial void RunStarted(ILogger logger, string taskId, string runId, int attempt);

    [LoggerMessage(1013, LogLevel.Information,
        "Run {RunId} superseded for task {TaskId} (canceled, or its lease was taken over); what it had not appended yet is discarded")]
    public static partial void RunSuperseded(ILogger logger, string taskId, string runId);

    [LoggerMessage(1014, LogLevel.Debug, "Run handed over for task {TaskId}: run {RunId}; next run requested")]
    public static partial void RunHandedOver(ILogger logger, string taskId, string runId);

    [LoggerMessage(1015, LogLevel.Debug, "Run ended for task {TaskId}: run {RunId}; task is {State}")]
    public static partial void RunEnded(ILogger logger, string taskId, string runId, string state);

    [LoggerMessage(1016, LogLevel.Error, "Agent failed on task {TaskId} in run {RunId}; task failed")]
    public static partial void AgentFailed(ILogger logger, Exception exception, string taskId, string runId);

    [LoggerMessage(1017, LogLevel.Error, "Agent broke the protocol on task {TaskId} in run {RunId}: {Reason}; task failed")]
    public static partial void AgentIllegal(ILogger logger, string taskId, string runId, string reason);

    [LoggerMessage(1018, LogLevel.Error, "Agent exceeded RunTimeLimit without a checkpoint on task {TaskId} in run {RunId}; task failed")]
    public static partial void AgentTimedOut(ILogger logger, string taskId, string runId);

    [LoggerMessage(1019, LogLevel.Warning, "Agent did not stop within StopGrace on task {TaskId} in run {RunId}; abandoned")]
    public static partial void AgentAbandoned(ILogger logger, string taskId, string runId);

    [LoggerMessage(1020, LogLevel.Warning, "Agent threw after its outcome on task {TaskId} in run {RunId}; outcome kept")]
    public static partial void AgentFailedAfterOutcome(ILogger logger, Exception exception, string taskId, string runId);

    [LoggerMessage(1021, LogLevel.Error, "Task failed after {Attempts} attempts without a result: {TaskId}")]
    public static partial void AttemptsUsedUp(ILogger logger, string taskId, int attempts);

    [LoggerMessage(
        1022, LogLevel.Information,
        "Run interrupted for task {TaskId} by its host or the store: run {RunId}; lease is released, the request is redelivered")]
    public static partial void RunInterrupted(ILogger logger, string taskId, string runId);

    [LoggerMessage(1023, LogLevel.Warning, "Task unattended since {Since}: {TaskId}; run requested")]
    public static partial void TaskSwept(ILogger logger, string taskId, DateTimeOffset since);

    [LoggerMessage(1024, LogLevel.Error, "Task failed because its run request was dead-lettered: {TaskId}")]
    public static partial void RunGivenUp(ILogger logger, string taskId);

    [LoggerMessage(1025, LogLevel.Warning, "Lease renewal failed for task {TaskId} in run {RunId}; retrying until the lease expires")]
    public static partial void RenewalFailed(ILogger logger, Exception exception, string taskId, string runId);

    [LoggerMessage(1026, LogLevel.Warning, "Watch failed for task {TaskId} in run {RunId}; retrying")]
    public static partial void WatchFailed(ILogger logger, Exception exception, string taskId, string runId);

    [LoggerMessage(1027, LogLevel.Error, "Task failed because it exceeded WorkLimit ({WorkLimit}): {TaskId}")]
    public static partial void WorkLimitPassed(ILogger logger, string taskId, TimeSpan workLimit);

    [LoggerMessage(1028, LogLevel.Error, "Task could not be swept: {TaskId}; skipped")]
    public static partial void TaskNotSwept(ILogger logger, Exception exception, string taskId);

    [LoggerMessage(1029, LogLevel.Warning, "Agent unavailable for task {TaskId} in run {RunId}; retrying in another run")]
    public static partial void AgentUnavailable(ILogger logger, Exception exception, string taskId, string runId);

    [LoggerMessage(1030, LogLevel.Error, "Access token unreadable for task {TaskId}: {Reason}; running without it")]
    public static partial void AccessTokenUnreadable(ILogger logger, string taskId, string reason);

    [LoggerMessage(1040, LogLevel.Debug, "Run ended for task {TaskId}: run {RunId}; task sleeps until {Until:o} at the latest")]
    public static partial void RunSleeps(ILogger logger, string taskId, string runId, DateTimeOffset until);

    [LoggerMessage(1041, LogLevel.Warning, "Agent failed to clean up after the cancel of task {TaskId}")]
    public static partial void CleanUpFailed(ILogger logger, Exception exception, string taskId);

    [LoggerMessage(1035, LogLevel.Debug, "Run completed for task {TaskId} without reading a new message: run {RunId}; next run requested")]
    public static partial void RequestAdvanced(ILogger logger, string taskId, string runId);

    [LoggerMessage(1036, LogLevel.Error,
        "Task failed because the program has no agent {Agent}: {TaskId}; add the agent again to run its other tasks")]
    public static partial void AgentMissing(ILogger logger, string taskId, string agent);

    [LoggerMessage(1037, LogLevel.Information, "Task failed because its client's deadline {Deadline:o} passed: {TaskId}")]
    public static partial void DeadlineMissed(ILogger logger, string taskId, DateTimeOffset deadline);

    [LoggerMessage(1038, LogLevel.Debug, "Run set aside for task {TaskId}: its tenant has all its turns on this instance (RunningTasks)")]
    public static partial void RunSetAside(ILogger logger, string taskId);

    [LoggerMessage(1039, LogLevel.Warning, "Run that was set aside not requested for task {TaskId}; the sweep requests it")]
    public static partial void RunNotRequestedAgain(ILogger logger, Exception exception, string taskId);
}
