using ServerlessA2A.Functions.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Deployed;

/// <summary>A test on the shared deployment. An error that an instance has logged and that the test did not name fails it.</summary>
[Collection(nameof(SharedDeployment))]
public abstract class DeployedTest(SharedDeployment shared) : IAsyncLifetime
{
    private readonly List<string> _expected = [];
    private List<string> _earlierErrors = [];

    internal Deployment Deployment { get; private set; } = null!;

    /// <summary>The instance of MessageFunction that a client happens to reach first.</summary>
    internal HttpClient One => Deployment.Messages[0].Client;

    /// <summary>The one that it happens to reach afterwards.</summary>
    internal HttpClient Other => Deployment.Messages[1].Client;

    public async Task InitializeAsync()
    {
        Deployment = await shared.StartedAsync();
        _earlierErrors = Errors();
    }

    public Task DisposeAsync()
    {
        var errors = Errors();
        _earlierErrors.ForEach(error => errors.Remove(error));
        Assert.All(errors, error => Assert.Contains(_expected, part => error.Contains(part, StringComparison.Ordinal)));
        Assert.All(_expected, part => Assert.Contains(errors, error => error.Contains(part, StringComparison.Ordinal)));
        return Task.CompletedTask;
    }

    /// <summary>Names an error that must be logged, by a part of it.</summary>
    protected void ExpectError(string part) => _expected.Add(part);

    /// <summary>Sends without waiting.</summary>
    /// <returns>The task's id.</returns>
    protected async Task<string> SubmitAsync(string text) =>
        (await One.CallAsync(Requests.Send(text, returnImmediately: true))).GetProperty("task").GetProperty("id").GetString()!;

    private List<string> Errors() => [.. Deployment.Instances.SelectMany(instance => instance.LoggedErrors)];
}
