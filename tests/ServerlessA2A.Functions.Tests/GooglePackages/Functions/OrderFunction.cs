using CloudNative.CloudEvents;
using Google.Cloud.Functions.Framework;

namespace ServerlessA2A.Functions.Tests.GooglePackages.Functions;

public sealed class OrderFunction(Recorder recorder) : ICloudEventFunction<Order>
{
    public Task HandleAsync(CloudEvent cloudEvent, Order data, CancellationToken cancellationToken)
    {
        recorder.Events.Add(cloudEvent);
        recorder.Orders.Add(data);
        return Task.CompletedTask;
    }
}
