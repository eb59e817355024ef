using System.Text;

namespace ServerlessA2A.Functions.Tests.Support;

/// <summary>Pub/Sub's messages as functions get them, written by hand.</summary>
internal static class PubSub
{
    /// <summary>The attributes of the event that Eventarc makes of a message, in binary mode.</summary>
    public static (string Name, string Value)[] EventHeaders { get; } =
    [
        ("ce-id", "7"),
        ("ce-type", "google.cloud.pubsub.topic.v1.messagePublished"),
        ("ce-source", "//pubsub.googleapis.com/projects/p/topics/a2a-tasks"),
        ("ce-specversion", "1.0"),
        ("ce-time", "2026-01-02T03:04:05.678Z"),
    ];

    public static string RunRequest(string taskId) => $$"""{"taskId":"{{taskId}}"}""";

    /// <summary>The data of that event, which is also the body of a push.</summary>
    public static string Event(string payload) =>
        $$"""
        {
          "subscription": "projects/p/subscriptions/s",
          "message": { "messageId": "7", "publishTime": "2026-01-02T03:04:05.678Z", "data": "{{Convert.ToBase64String(Encoding.UTF8.GetBytes(payload))}}" }
        }
        """;
}
