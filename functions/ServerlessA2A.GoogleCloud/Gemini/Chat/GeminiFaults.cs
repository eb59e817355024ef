using Google.Protobuf;
using Grpc.Core;

namespace ServerlessA2A.GoogleCloud.Gemini.Chat;

/// <summary>What a failed call means: whether it may pass, when to try again, and what to tell.</summary>
internal static class GeminiFaults
{
    private const string DetailsTrailer = "grpc-status-details-bin";
    private const string RetryInfo = "type.googleapis.com/google.rpc.RetryInfo";

    /// <summary>Whether the same call may succeed later. Cancelled is one of them: not by us, but by a server or a proxy that is going away.</summary>
    public static bool IsTransient(StatusCode code) => code is StatusCode.ResourceExhausted or StatusCode.Unavailable or StatusCode.Internal
        or StatusCode.DeadlineExceeded or StatusCode.Aborted or StatusCode.Unknown or StatusCode.Cancelled;

    /// <summary>What is told of a failure.</summary>
    /// <param name="failure">What the service has said.</param>
    /// <param name="model">The model's resource name.</param>
    public static GeminiException ToException(RpcException failure, string model)
    {
        var code = failure.StatusCode;
        var detail = failure.Status.Detail;
        var message = code switch
        {
            StatusCode.PermissionDenied => $"Vertex AI refused the call: the service account needs the role roles/aiplatform.user, and the project the API aiplatform.googleapis.com. {detail}",
            StatusCode.Unauthenticated => $"Vertex AI knows no caller: set up Application Default Credentials (gcloud auth application-default login). {detail}",
            StatusCode.NotFound => $"Vertex AI has no {model}: check A2A:Gemini:Model and A2A:Gemini:Location. {detail}",
            StatusCode.InvalidArgument or StatusCode.FailedPrecondition or StatusCode.OutOfRange => $"Gemini refused the request: {detail}",
            StatusCode.ResourceExhausted => $"Gemini's quota is used up: {detail}",
            StatusCode.DeadlineExceeded => $"Gemini did not answer in time: {detail}",
            _ => $"Gemini could not be reached or failed: {code}: {detail}",
        };
        return new GeminiException(message.TrimEnd(), code, IsTransient(code), failure);
    }

    /// <summary>How long the service asks to be let alone (google.rpc.RetryInfo); null where it doesn't say.</summary>
    public static TimeSpan? RetryAfter(RpcException failure)
    {
        if (failure.Trailers?.GetValueBytes(DetailsTrailer) is not { } status)
            return null;
        try
        {
            foreach (var (_, detail) in NumberedFields.Read(status, 3))
            {
                if (ReadRetryInfo(((ByteString)detail).ToByteArray()) is { } delay)
                    return delay;
            }
        }
        catch (InvalidProtocolBufferException)
        {
            // A hint that can't be read is none.
        }

        return null;
    }

    /// <summary>Any{type_url=1, value=2} of RetryInfo{retry_delay=1} of Duration{seconds=1, nanos=2}.</summary>
    private static TimeSpan? ReadRetryInfo(byte[] any)
    {
        var fields = NumberedFields.Read(any, 1, 2).ToDictionary(field => field.Field, field => (ByteString)field.Value);
        if (!fields.TryGetValue(1, out var type) || type.ToStringUtf8() != RetryInfo || !fields.TryGetValue(2, out var info))
            return null;
        if (NumberedFields.Read(info.ToByteArray(), 1) is not [(_, ByteString duration)])
            return null;
        var parts = NumberedFields.Read(duration.ToByteArray(), 1, 2).ToDictionary(field => field.Field, field => (long)field.Value);
        var seconds = Math.Clamp(parts.GetValueOrDefault(1), 0, 86_400);
        return TimeSpan.FromSeconds(seconds) + TimeSpan.FromTicks(parts.GetValueOrDefault(2) / TimeSpan.NanosecondsPerTick);
    }
}
