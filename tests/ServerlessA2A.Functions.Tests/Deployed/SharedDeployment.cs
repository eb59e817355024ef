namespace ServerlessA2A.Functions.Tests.Deployed;

/// <summary>One deployment for all tests that leave it as they found it, started by the first of them.</summary>
[CollectionDefinition(nameof(SharedDeployment))]
public class SharedDeployment : ICollectionFixture<SharedDeployment>, IAsyncLifetime
{
    private Task<Deployment>? _started;

    public Task InitializeAsync() => Task.CompletedTask;

    public virtual async Task DisposeAsync()
    {
        if (_started is { IsCompletedSuccessfully: true })
            await (await _started).DisposeAsync();
    }

    internal Task<Deployment> StartedAsync() => _started ??= StartAsync();

    private protected virtual Task<Deployment> StartAsync() => Deployment.StartAsync();
}
