using Microsoft.Extensions.Logging;
using ServerlessA2A.Security;

namespace ServerlessA2A.Tasks;

/// <summary>Carries callers' access tokens to the runs of their tasks: encrypted, and valid for that one task only.</summary>
internal sealed class AccessTokens(Secrets secrets, ILogger<AccessTokens> logger)
{
    /// <summary>A run request that carries the token.</summary>
    public RunRequest Attach(RunRequest request, string? token) =>
        token is null ? request : request with { AccessToken = secrets.Protect(token, PlaceOf(request)) };

    /// <summary>
    /// The token that a request carries; null for none, and for a token that cannot be decrypted: the agent runs without it.
    /// </summary>
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
