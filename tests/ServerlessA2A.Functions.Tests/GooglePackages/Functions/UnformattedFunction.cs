using CloudNative.CloudEvents;
using Google.Cloud.Functions.Framework;

namespace ServerlessA2A.Functions.Tests.GooglePackages.Functions;

/// <summary>Nothing says how to read its data.</summary>
public sealed class UnformattedFunction : ICloudEventFunction<Version>
{
    public Task HandleAsync(CloudEvent cloudEvent, Version data, CancellationToken cancellationToken) => Task.CompletedTask;
}
