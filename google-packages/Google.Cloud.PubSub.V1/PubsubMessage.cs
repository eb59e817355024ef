#nullable disable annotations
using Google.Protobuf;
using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;

namespace Google.Cloud.PubSub.V1;

/// <summary>What is published: bytes, attributes, or both.</summary>
public sealed class PubsubMessage
{
    public ByteString Data { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); } = ByteString.Empty;

    public MapField<string, string> Attributes { get; } = [];

    /// <summary>Messages of one key are delivered in order, where the subscription says so.</summary>
    public string OrderingKey { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); } = "";

    /// <summary>Given by the service.</summary>
    public string MessageId { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); } = "";

    /// <summary>Given by the service.</summary>
    public Timestamp PublishTime { get; set; }
}
