using Google.Cloud.Functions.Testing;

namespace ServerlessA2A.Functions.Tests.Support;

/// <summary>
/// Tests of a whole function, with the composition root that is deployed, in memory. An error that was logged and that the test did not
/// name fails the test.
/// </summary>
public abstract class FunctionTest<TFunction>(TestSetup setup)
    : FunctionTestBase<TFunction>(FunctionTestServerBuilder.Create<TFunction>().UseFunctionsStartups(setup, new Startup()).Build()),
        IAsyncLifetime
{
    private readonly List<string> _expected = [];

    protected FunctionTest(params (string Name, string Value)[] settings)
        : this(new TestSetup(settings))
    {
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public virtual Task DisposeAsync()
    {
        Assert.All(setup.Errors.Entries, entry => Assert.Contains(_expected, part => entry.Contains(part, StringComparison.Ordinal)));
        Assert.All(_expected, part => Assert.Contains(setup.Errors.Entries, entry => entry.Contains(part, StringComparison.Ordinal)));
        return Task.CompletedTask;
    }

    /// <summary>Names an error that must be logged, by a part of it.</summary>
    protected void ExpectError(string part) => _expected.Add(part);

    /// <summary>Sends a request to the function. A redirect is not followed.</summary>
    protected async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        using var client = Server.CreateClient();
        using var request = new HttpRequestMessage(method, path) { Content = content };
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        return await client.SendAsync(request);
    }
}
