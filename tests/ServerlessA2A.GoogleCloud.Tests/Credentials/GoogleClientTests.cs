using ServerlessA2A.GoogleCloud.Credentials;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.GoogleCloud.Tests.Credentials;

public class GoogleClientTests
{
    [Fact]
    public void NothingIsBuiltBeforeTheFirstUse() =>
        _ = new GoogleClient<object>("Service", () => throw new InvalidOperationException("Built."));

    [Fact]
    public async Task ConcurrentCallersShareOneClient()
    {
        var (built, arrived) = (0, new Barrier(2));
        var client = new GoogleClient<object>("Service", () =>
        {
            Interlocked.Increment(ref built);
            return new object();
        });

        // Threads of their own, which meet before they ask.
        var clients = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Factory.StartNew(
            () =>
            {
                arrived.SignalAndWait();
                return client.Get();
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default))).WithinLimit("both have the client");

        Assert.Same(clients[0], clients[1]);
        Assert.Equal(1, built);
    }

    [Fact]
    public void AFailedBuildIsRepeatedByTheNextCaller()
    {
        var isThere = false;
        var client = new GoogleClient<object>(
            "Service", () => isThere ? "client" : throw new InvalidOperationException("Your default credentials were not found."));

        var failure = Assert.Throws<TaskStoreException>(client.Get);
        isThere = true;

        Assert.True(failure.IsTransient);
        Assert.Equal($"Service cannot be called: Your default credentials were not found. {DefaultCredential.Remedy}", failure.Message);
        Assert.Equal("client", client.Get());
    }
}
