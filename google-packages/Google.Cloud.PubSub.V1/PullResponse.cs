using Google.Protobuf.Collections;

namespace Google.Cloud.PubSub.V1;

public sealed class PullResponse
{
    public RepeatedField<ReceivedMessage> ReceivedMessages { get; } = [];
}
