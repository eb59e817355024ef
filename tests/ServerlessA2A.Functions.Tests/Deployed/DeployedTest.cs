using ServerlessA2A.Functions.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Deployed;

/// <summary>A test on the shared deployment. An error that an instance has logged and that the test did not name fails it.</summary>
[Collection(nameof(SharedDeployment))]
public abstract class DeployedTest(SharedDeployment shared) : IAsyncLifetime
{
    private ExpectedErrors _errors = null!;

    internal Deployment Deployment { get; private set; } = null!;

    /// <summary>The instance of MessageFunction that a client happens to reach first.</summary>
    internal HttpClient One => Deployment.Messages[0].Client;

    /// <summary>The one that it happens to reach afterwards.</summary>
    internal HttpClient Other => Deployment.Messages[1].Client;

    public async Task InitializeAsync()
    {
        Deployment = await shared.StartedAsync();
        _errors = new(Deployment);
    }

    public Task DisposeAsync() => _errors.CheckAsync();

    /// <inheritdoc cref="ExpectedErrors.Add"/>
    protected void ExpectError(string part, int times = 1) => _errors.Add(part, times);

    /// <summary>Sends without waiting.</summary>
    /// <returns>The task's id.</returns>
    protected async Task<string> SubmitAsync(string text) =>
        (await One.CallAsync(Requests.Send(text, returnImmediately: true))).GetProperty("task").GetProperty("id").GetString()!;
}
