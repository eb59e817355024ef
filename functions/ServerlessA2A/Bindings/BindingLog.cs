using Microsoft.Extensions.Logging;

namespace ServerlessA2A.Bindings;

/// <summary>What the bindings log: ids 2000 to 2999. A client's mistake is Debug; Error is ours.</summary>
internal static partial class BindingLog
{
    [LoggerMessage(2000, LogLevel.Debug, "A request to {Path} was refused: {Error}, {Reason}", EventName = "RequestRefused")]
    public static partial void RequestRefused(ILogger logger, string? path, string error, string reason);

    [LoggerMessage(2001, LogLevel.Error, "A request to {Path} failed", EventName = "RequestFailed")]
    public static partial void RequestFailed(ILogger logger, string? path, Exception exception);

    [LoggerMessage(2002, LogLevel.Warning, "A request to {Path} could not be served at the moment; its client may try again", EventName = "ServiceUnavailable")]
    public static partial void ServiceUnavailable(ILogger logger, string? path, Exception exception);

    [LoggerMessage(2003, LogLevel.Debug, "The client of a request to {Path} has gone", EventName = "ClientGone")]
    public static partial void ClientGone(ILogger logger, string? path);

}
