using Google.Apis.Auth.OAuth2.Responses;
using Google.Cloud.AIPlatform.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using ServerlessA2A.GoogleCloud.Credentials;

namespace ServerlessA2A.GoogleCloud.Gemini.Chat;

/// <summary>Interprets failed calls: whether they are transient, when to retry, and what to report.</summary>
internal static class GeminiFaults
{
    private const string DetailsTrailer = "grpc-status-details-bin";
    private const long LongestDelaySeconds = 86_400;

    /// <summary>Whether the same call may succeed later. Cancelled is transient too: a server or proxy that shuts down sends it.</summary>
    public static bool IsTransient(StatusCode code) => code is StatusCode.ResourceExhausted or StatusCode.Unavailable or StatusCode.Internal
        or StatusCode.DeadlineExceeded or StatusCode.Aborted or StatusCode.Unknown or StatusCode.Cancelled;

    /// <summary>The exception for a failure.</summary>
    /// <param name="failure">The service's response.</param>
    /// <param name="request">The failed request.</param>
    public static GeminiException ToException(RpcException failure, GenerateContentRequest request)
    {
        var detail = failure.Status.Detail;
        // Rejected credentials fail on the way to the service, and look like a network failure.
        var code = detail.Contains("invalid_grant", StringComparison.Ordinal) ||
            Causes(failure).Any(cause => cause is TokenResponseException && !CredentialFaults.IsTransient(cause))
            ? StatusCode.Unauthenticated
            : failure.StatusCode;
        var message = code switch
        {
            StatusCode.PermissionDenied =>
                "Vertex AI rejected the call: the service account needs the role roles/aiplatform.user, " +
                $"and the project needs the API aiplatform.googleapis.com. {detail}",
            StatusCode.Unauthenticated when detail.Contains(DefaultCredential.Remedy, StringComparison.Ordinal) =>
                $"Vertex AI could not be called: {detail}",
            StatusCode.Unauthenticated => $"Vertex AI rejected the credentials. {DefaultCredential.Remedy} {detail}",
            StatusCode.NotFound => $"Vertex AI has no {request.Model}: check A2A:Gemini:Model and A2A:Gemini:Location. " +
                $"Models retire about a year after their release. {detail}",
            StatusCode.InvalidArgument or StatusCode.FailedPrecondition or StatusCode.OutOfRange =>
                $"Gemini rejected the request: {detail} {RefusedSettings.RemedyFor(detail, request)}",
            StatusCode.ResourceExhausted => $"Gemini's quota is used up: {detail}",
            StatusCode.DeadlineExceeded => $"Gemini did not respond in time: {detail}",
            _ => $"Gemini failed or could not be reached: {code}: {detail}",
        };
        return new GeminiException(message.TrimEnd(), code, IsTransient(code), failure);
    }

    private static IEnumerable<Exception> Causes(RpcException failure)
    {
        for (var cause = failure.Status.DebugException; cause is not null; cause = cause.InnerException)
            yield return cause;
    }

    /// <summary>The delay that the service asks for (google.rpc.RetryInfo); null if it asks for none.</summary>
    public static TimeSpan? RetryAfter(RpcException failure)
    {
        if (failure.Trailers?.GetValueBytes(DetailsTrailer) is not { } status)
            return null;
        try
        {
            var delay = Google.Rpc.Status.Parser.ParseFrom(status).Details.Where(detail => detail.Is(RetryInfo.Descriptor))
                .Select(detail => detail.Unpack<RetryInfo>().RetryDelay).FirstOrDefault(delay => delay is not null);
            return delay is null ? null : ToTimeSpan(delay);
        }
        catch (InvalidProtocolBufferException)
        {
            // An unreadable hint counts as none.
            return null;
        }
    }

    /// <summary>The delay, limited to a day, because the service's numbers are unchecked.</summary>
    private static TimeSpan ToTimeSpan(Duration delay)
    {
        var limited = TimeSpan.FromSeconds(Math.Clamp(delay.Seconds, 0, LongestDelaySeconds)) +
            TimeSpan.FromTicks(delay.Nanos / TimeSpan.NanosecondsPerTick);
        return TimeSpan.FromTicks(Math.Clamp(limited.Ticks, 0, LongestDelaySeconds * TimeSpan.TicksPerSecond));
    }
}
