using Microsoft.Extensions.Logging;
using ServerlessA2A.Tasks.Operations;

namespace ServerlessA2A.Bindings.Http;

/// <summary>Log events of the bindings: ids 2000 to 2999. Mistakes of clients are Debug; errors need the operator.</summary>
internal static partial class BindingLog
{
    [LoggerMessage(2000, LogLevel.Debug, "Request rejected for {Path}: {Error}, {Reason}", EventName = "RequestRefused")]
    public static partial void RequestRefused(ILogger logger, string? path, string error, string reason);

    [LoggerMessage(2001, LogLevel.Error, "Request failed for {Path}", EventName = "RequestFailed")]
    public static partial void RequestFailed(ILogger logger, string? path, Exception exception);

    [LoggerMessage(2002, LogLevel.Warning, "Service unavailable for {Path}; client told to retry", EventName = "ServiceUnavailable")]
    public static partial void ServiceUnavailable(ILogger logger, string? path, Exception exception);

    [LoggerMessage(2003, LogLevel.Debug, "Client disconnected from {Path}; request abandoned", EventName = "ClientGone")]
    public static partial void ClientGone(ILogger logger, string? path);

    [LoggerMessage(2010, LogLevel.Information, "Callback rejected: its state is missing or invalid", EventName = "CallbackInvalid")]
    public static partial void CallbackInvalid(ILogger logger);

    [LoggerMessage(2011, LogLevel.Information, "Callback received for task {TaskId}: {Outcome}", EventName = "CallbackReceived")]
    public static partial void CallbackReceived(ILogger logger, string taskId, CallbackOutcome outcome);
}
