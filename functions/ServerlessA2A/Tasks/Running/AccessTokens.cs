using Microsoft.Extensions.Logging;
using ServerlessA2A.Security;

namespace ServerlessA2A.Tasks.Running;

/// <summary>Callers' access tokens on their way to the runs of their tasks: encrypted, and for that one task only.</summary>
internal sealed class AccessTokens(Secrets secrets, ILogger<AccessTokens> logger)
{
    /// <summary>A request for a run that brings the token along.</summary>
    public RunRequest Attach(RunRequest request, string? token) =>
        token is null ? request : request with { AccessToken = secrets.Protect(token, PlaceOf(request)) };

    /// <summary>The token that a request has brought along; null for none, and for one that can't be read: then the agent works without.</summary>
    public string? Detach(RunRequest request)
    {
        if (request.AccessToken is not { } stored)
            return null;
        try
        {
            return secrets.Reveal(stored, PlaceOf(request));
        }
        catch (SecretException unreadable)
        {
            TaskLogMessages.AccessTokenUnreadable(logger, request.TaskId, unreadable.Message);
            return null;
        }
    }

    private static string PlaceOf(RunRequest request) => $"run:{request.TaskId}";
}
