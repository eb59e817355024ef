namespace ServerlessA2A.Tests.Bindings.Harness;

/// <summary>One host for a class of tests, each of which makes tasks of its own.</summary>
public sealed class AgentHostFixture : IAsyncLifetime
{
    public AgentHost Host { get; private set; } = null!;

    public async Task InitializeAsync() => Host = await AgentHost.StartAsync();

    public async Task DisposeAsync() => await Host.DisposeAsync();
}
