using CloudNative.CloudEvents;

namespace Google.Cloud.Functions.Framework;

/// <summary>A function that handles CloudEvents whose data is read as <typeparamref name="TData"/>.</summary>
public interface ICloudEventFunction<TData> where TData : class
{
    Task HandleAsync(CloudEvent cloudEvent, TData data, CancellationToken cancellationToken);
}
