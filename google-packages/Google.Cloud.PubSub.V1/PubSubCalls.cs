using Google.Api.Gax;
using Google.Api.Gax.Grpc;
using Grpc.Core;
using Grpc.Net.Client.Configuration;

namespace Google.Cloud.PubSub.V1;

/// <summary>Timeout and retries, as in Google's clients.</summary>
internal static class PubSubCalls
{
    public const string Endpoint = "pubsub.googleapis.com";
    public const string EmulatorVariable = "PUBSUB_EMULATOR_HOST";

    public static readonly MethodConfig[] Retried =
    [
        // A message may be delivered twice in any case.
        Retries.Of(
            "google.pubsub.v1.Publisher",
            [StatusCode.Aborted, StatusCode.Internal, StatusCode.ResourceExhausted, StatusCode.Unknown, StatusCode.Unavailable],
            "Publish"),
        Retries.Of("google.pubsub.v1.Publisher", [StatusCode.Unavailable], "CreateTopic", "GetTopic", "DeleteTopic"),
        Retries.Of(
            "google.pubsub.v1.Subscriber",
            [StatusCode.Unavailable],
            "CreateSubscription", "GetSubscription", "DeleteSubscription", "ModifyAckDeadline", "Acknowledge", "Pull"),
    ];

    private static readonly CallSettings Default = CallSettings.FromExpiration(Expiration.FromTimeout(TimeSpan.FromSeconds(60)));

    public static CallOptions Options(CallSettings? settings) => CallSettings.ToCallOptions(null, Default, settings);
}
