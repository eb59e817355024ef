using Microsoft.Extensions.Logging;

namespace ServerlessA2A.Tasks;

/// <summary>The log events of tasks: ids 1000 to 1999, each with the task's id. Error is the operator's to mend; what a client did is not.</summary>
internal static partial class TaskLogMessages
{
    [LoggerMessage(1000, LogLevel.Debug, "Task {TaskId} was made.")]
    public static partial void TaskCreated(ILogger logger, string taskId);

    [LoggerMessage(1001, LogLevel.Debug, "Task {TaskId} has a further message of its client.")]
    public static partial void TaskContinued(ILogger logger, string taskId);

    [LoggerMessage(1002, LogLevel.Information, "Task {TaskId} was canceled by its client.")]
    public static partial void TaskCanceled(ILogger logger, string taskId);

    [LoggerMessage(1010, LogLevel.Debug, "Task {TaskId} needs no run: it is {State}.")]
    public static partial void NothingToRun(ILogger logger, string taskId, string state);

    [LoggerMessage(1011, LogLevel.Debug, "Task {TaskId} is at work elsewhere, until {Until} at least.")]
    public static partial void RunsElsewhere(ILogger logger, string taskId, DateTimeOffset until);

    [LoggerMessage(1012, LogLevel.Debug, "Task {TaskId}: run {RunId} has begun, attempt {Attempt}.")]
    public static partial void RunBegun(ILogger logger, string taskId, string runId, int attempt);

    [LoggerMessage(1013, LogLevel.Information, "Task {TaskId}: run {RunId} ends without effect, the task has gone on without it.")]
    public static partial void RunSuperseded(ILogger logger, string taskId, string runId);

    [LoggerMessage(1014, LogLevel.Debug, "Task {TaskId}: run {RunId} hands over.")]
    public static partial void RunHandsOver(ILogger logger, string taskId, string runId);

    [LoggerMessage(1035, LogLevel.Debug, "Task {TaskId}: run {RunId} completed without having seen a message; running again for it.")]
    public static partial void RequestAdvanced(ILogger logger, string taskId, string runId);

    [LoggerMessage(1015, LogLevel.Debug, "Task {TaskId}: run {RunId} has ended it as {State}.")]
    public static partial void RunEnded(ILogger logger, string taskId, string runId, string state);

    [LoggerMessage(1016, LogLevel.Error, "Task {TaskId}: the agent has failed in run {RunId}.")]
    public static partial void AgentFailed(ILogger logger, Exception exception, string taskId, string runId);

    [LoggerMessage(1017, LogLevel.Error, "Task {TaskId}: the agent broke the rules in run {RunId}: {Reason}")]
    public static partial void AgentIllegal(ILogger logger, string taskId, string runId, string reason);

    [LoggerMessage(1018, LogLevel.Error, "Task {TaskId}: the agent did not end in time in run {RunId}.")]
    public static partial void AgentTimedOut(ILogger logger, string taskId, string runId);

    [LoggerMessage(1019, LogLevel.Warning, "Task {TaskId}: the agent was told to stop in run {RunId} and has not; it is left behind.")]
    public static partial void AgentLeftBehind(ILogger logger, string taskId, string runId);

    [LoggerMessage(1020, LogLevel.Warning, "Task {TaskId}: the agent failed in run {RunId} after its last word, which stands.")]
    public static partial void AgentFailedAfterEnd(ILogger logger, Exception exception, string taskId, string runId);

    [LoggerMessage(1021, LogLevel.Error, "Task {TaskId} fails: {Attempts} runs have ended without a result.")]
    public static partial void AttemptsUsedUp(ILogger logger, string taskId, int attempts);

    [LoggerMessage(1022, LogLevel.Information, "Task {TaskId}: run {RunId} was interrupted by its host; another one will go on.")]
    public static partial void RunInterrupted(ILogger logger, string taskId, string runId);

    [LoggerMessage(1029, LogLevel.Warning, "Task {TaskId}: the agent can't go on in run {RunId} for now; another one will.")]
    public static partial void AgentUnavailable(ILogger logger, Exception exception, string taskId, string runId);

    [LoggerMessage(1028, LogLevel.Error, "Task {TaskId} can't be swept; the others are.")]
    public static partial void TaskNotSwept(ILogger logger, Exception exception, string taskId);

    [LoggerMessage(1023, LogLevel.Warning, "Task {TaskId}: nobody has worked on it since {Since}; a run is asked for again.")]
    public static partial void TaskSwept(ILogger logger, string taskId, DateTimeOffset since);

    [LoggerMessage(1024, LogLevel.Error, "Task {TaskId} fails: the request for its run could not be handled and was given up.")]
    public static partial void RunGivenUp(ILogger logger, string taskId);

    [LoggerMessage(1025, LogLevel.Warning, "Task {TaskId}: the lease of run {RunId} could not be renewed; tried again until it runs out.")]
    public static partial void RenewalFailed(ILogger logger, Exception exception, string taskId, string runId);

    [LoggerMessage(1026, LogLevel.Warning, "Task {TaskId}: the watch of run {RunId} has failed; it is begun again.")]
    public static partial void WatchFailed(ILogger logger, Exception exception, string taskId, string runId);

    [LoggerMessage(1030, LogLevel.Error, "Task {TaskId} runs without its caller's access token, which {Reason}")]
    public static partial void AccessTokenUnreadable(ILogger logger, string taskId, string reason);

    [LoggerMessage(1036, LogLevel.Error, "Task {TaskId} failed: the program has no agent {Agent}; add it again to run what is left of its tasks")]
    public static partial void AgentMissing(ILogger logger, string taskId, string agent);

    [LoggerMessage(1027, LogLevel.Error, "Task {TaskId} fails: it was not done within {WorkLimit} of its request.")]
    public static partial void WorkLimitPassed(ILogger logger, string taskId, TimeSpan workLimit);
}
