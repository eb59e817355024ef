using CloudNative.CloudEvents;
using Google.Cloud.Functions.Framework;

namespace ServerlessA2A.Functions.Tests.GooglePackages.Functions;

public sealed class FailingFunction : ICloudEventFunction
{
    public Task HandleAsync(CloudEvent cloudEvent, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("No luck today");
}
