#nullable disable annotations
using Google.Protobuf.WellKnownTypes;

namespace Google.Cloud.PubSub.V1;

/// <summary>How long a message that was not acknowledged waits before it is delivered again.</summary>
public sealed class RetryPolicy
{
    public Duration MinimumBackoff { get; set; }

    public Duration MaximumBackoff { get; set; }
}
