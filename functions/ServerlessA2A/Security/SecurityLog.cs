using Microsoft.Extensions.Logging;

namespace ServerlessA2A.Security;

/// <summary>Security events: ids 4000 to 4999, to watch and alert on. They never contain a credential or a part of one.</summary>
internal static partial class SecurityLog
{
    [LoggerMessage(4000, LogLevel.Warning,
        "Authentication failed for {Path} with {Scheme}; request rejected: {Reason} ({LeftOut} similar messages suppressed)",
        EventName = "AuthenticationFailed")]
    public static partial void AuthenticationFailed(ILogger logger, string? path, IdentityScheme scheme, string reason, int leftOut);

    [LoggerMessage(4001, LogLevel.Information,
        "Credential missing for {Path}; request rejected ({LeftOut} similar messages suppressed)",
        EventName = "CredentialMissing")]
    public static partial void CredentialMissing(ILogger logger, string? path, int leftOut);

    [LoggerMessage(4002, LogLevel.Warning,
        "Caller not allowed: {Caller} of {Authority} for {Path}; request rejected ({LeftOut} similar messages suppressed)",
        EventName = "CallerNotAllowed")]
    public static partial void CallerNotAllowed(ILogger logger, string? path, string caller, string authority, int leftOut);

    [LoggerMessage(4003, LogLevel.Error,
        "Identity provider unavailable for {Scheme} at {Path}; request rejected as unavailable ({LeftOut} similar messages suppressed)",
        EventName = "IdentityProviderFailed")]
    public static partial void IdentityProviderFailed(
        ILogger logger, Exception exception, string? path, IdentityScheme scheme, int leftOut);

    [LoggerMessage(4004, LogLevel.Warning,
        "Limit exceeded by {Caller}: {Limit} is {Value}; request rejected ({LeftOut} similar messages suppressed)",
        EventName = "LimitExceeded")]
    public static partial void LimitExceeded(ILogger logger, string caller, string? limit, string? value, int leftOut);

    [LoggerMessage(4005, LogLevel.Information,
        "Task {TaskId} not found or not owned by {Owner}; request rejected",
        EventName = "TaskNotTheirs")]
    public static partial void TaskNotTheirs(ILogger logger, string owner, string taskId);

    [LoggerMessage(4006, LogLevel.Warning,
        "Webhook URL rejected for {Owner}: {Reason}",
        EventName = "AddressRefused")]
    public static partial void AddressRefused(ILogger logger, string owner, string reason);

    [LoggerMessage(4007, LogLevel.Warning,
        "Claims too large for {Path}: {Caller} has {Bytes} bytes; {Kept} ({LeftOut} similar messages suppressed)",
        EventName = "ClaimsOversized")]
    public static partial void ClaimsOversized(ILogger logger, string? path, string caller, int bytes, string kept, int leftOut);
}
