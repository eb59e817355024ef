using Microsoft.Extensions.Logging;

namespace ServerlessA2A.Security;

/// <summary>What happens at the door: ids 4000 to 4999, to watch and alert on. Never a credential, nor anything of it.</summary>
internal static partial class SecurityLog
{
    [LoggerMessage(4000, LogLevel.Warning, "A request to {Path} was refused: {Scheme} does not prove who calls. {Reason} ({LeftOut} more before it)", EventName = "AuthenticationFailed")]
    public static partial void AuthenticationFailed(ILogger logger, string? path, IdentityScheme scheme, string reason, int leftOut);

    [LoggerMessage(4001, LogLevel.Information, "A request to {Path} was refused: it does not say who calls ({LeftOut} more before it)", EventName = "CredentialMissing")]
    public static partial void CredentialMissing(ILogger logger, string? path, int leftOut);

    [LoggerMessage(4002, LogLevel.Warning, "A request to {Path} was refused: {Caller} of {Authority} is not let in ({LeftOut} more before it)", EventName = "CallerNotAllowed")]
    public static partial void CallerNotAllowed(ILogger logger, string? path, string caller, string authority, int leftOut);

    [LoggerMessage(4003, LogLevel.Error, "A request to {Path} could not be let in: {Scheme} can't be checked now ({LeftOut} more before it)", EventName = "IdentityProviderFailed")]
    public static partial void IdentityProviderFailed(ILogger logger, Exception exception, string? path, IdentityScheme scheme, int leftOut);

    [LoggerMessage(4004, LogLevel.Warning, "A request of {Caller} was refused: {Limit} is {Value} ({LeftOut} more before it)", EventName = "LimitExceeded")]
    public static partial void LimitExceeded(ILogger logger, string caller, string? limit, string? value, int leftOut);

    [LoggerMessage(4005, LogLevel.Information, "{Owner} has asked for task {TaskId}, which is not there, or not its own", EventName = "TaskNotTheirs")]
    public static partial void TaskNotTheirs(ILogger logger, string owner, string taskId);

    [LoggerMessage(4006, LogLevel.Warning, "{Owner} wanted a webhook where none may be: {Reason}", EventName = "AddressRefused")]
    public static partial void AddressRefused(ILogger logger, string owner, string reason);

    [LoggerMessage(4007, LogLevel.Warning, "Claims too large in a request to {Path}: {Caller} has {Bytes} bytes of them; {Kept} ({LeftOut} more before it)", EventName = "ClaimsOversized")]
    public static partial void ClaimsOversized(ILogger logger, string? path, string caller, int bytes, string kept, int leftOut);
}
