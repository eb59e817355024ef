using CloudNative.CloudEvents;
using Google.Cloud.Functions.Framework;

namespace ServerlessA2A.Functions.Tests.GooglePackages.Functions;

public sealed class UntypedFunction(Recorder recorder) : ICloudEventFunction
{
    public Task HandleAsync(CloudEvent cloudEvent, CancellationToken cancellationToken)
    {
        recorder.Events.Add(cloudEvent);
        return Task.CompletedTask;
    }
}
