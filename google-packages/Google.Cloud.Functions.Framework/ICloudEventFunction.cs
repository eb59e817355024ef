using CloudNative.CloudEvents;

namespace Google.Cloud.Functions.Framework;

/// <summary>A function that handles CloudEvents and reads their data itself: an exception is answered with 500, which asks for redelivery.</summary>
public interface ICloudEventFunction
{
    Task HandleAsync(CloudEvent cloudEvent, CancellationToken cancellationToken);
}
