using Google.Protobuf.Collections;

namespace Google.Cloud.PubSub.V1;

public sealed class PublishResponse
{
    /// <summary>In the order of the messages.</summary>
    public RepeatedField<string> MessageIds { get; } = [];
}
