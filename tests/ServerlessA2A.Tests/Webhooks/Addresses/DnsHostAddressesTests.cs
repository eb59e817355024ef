using System.Net;
using System.Net.Sockets;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Tests.Support;
using ServerlessA2A.Webhooks.Addresses;

namespace ServerlessA2A.Tests.Webhooks.Addresses;

public class DnsHostAddressesTests
{
    [Fact]
    public async Task TheSystemsResolverIsAsked()
    {
        using var hosts = new DnsHostAddresses();

        Assert.All(await hosts.ResolveAsync("localhost", CancellationToken.None), address => Assert.True(IPAddress.IsLoopback(address)));
        Assert.NotEmpty(await hosts.ResolveAsync("localhost", CancellationToken.None));
    }

    [Fact]
    public async Task ANameThatIsNotFoundHasNoAddresses()
    {
        using var hosts = new DnsHostAddresses(_ => throw new SocketException((int)SocketError.HostNotFound));

        Assert.Empty(await hosts.ResolveAsync("unknown.example.com", CancellationToken.None));
    }

    [Fact]
    public async Task LookupsThatHangBlockNoThreadOfThePoolAndNoMoreThanSomeOfTheirOwn()
    {
        using var released = new ManualResetEventSlim();
        var allRun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var (running, pooled) = (0, 0);
        using var hosts = new DnsHostAddresses(_ =>
        {
            if (Thread.CurrentThread.IsThreadPoolThread)
                Interlocked.Increment(ref pooled);
            if (Interlocked.Increment(ref running) == DnsHostAddresses.MaxLookups)
                allRun.SetResult();
            released.Wait();
            return [IPAddress.Parse("8.8.8.8")];
        });
        using var givenUp = new CancellationTokenSource();

        // Giving up frees the caller at once, but not the lookup's place: its thread is still blocked.
        var first = Enumerable.Range(0, DnsHostAddresses.MaxLookups)
            .Select(i => hosts.ResolveAsync($"{i}.example.com", givenUp.Token).AsTask())
            .ToList();
        await allRun.Task.WithinLimit("every place is taken");
        await givenUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(first).WithinLimit("the callers are free"));
        var waiting = hosts.ResolveAsync("b.example.com", CancellationToken.None).AsTask();
        Assert.False(waiting.IsCompleted);
        released.Set();

        Assert.Equal([IPAddress.Parse("8.8.8.8")], await waiting.WithinLimit("a place is free again"));
        Assert.Equal((DnsHostAddresses.MaxLookups + 1, 0), (running, pooled));
    }

    [Fact]
    public async Task ANameForWhichThereIsNoPlaceIsToBeTriedAgain()
    {
        using var released = new ManualResetEventSlim();
        using var hosts = new DnsHostAddresses(host => LookUp(host, released));
        var slow = Enumerable.Range(0, DnsHostAddresses.MaxLookups)
            .Select(i => hosts.ResolveAsync($"{i}.slow.example", CancellationToken.None).AsTask())
            .ToList();

        var refusal = await Assert.ThrowsAsync<A2AException>(
            () => hosts.ResolveAsync("good.example.com", CancellationToken.None).AsTask().WithinLimit("the name is given up"));

        Assert.Same(A2AError.Unavailable, refusal.Error);
        released.Set();
        await Task.WhenAll(slow);
        Assert.Single(await hosts.ResolveAsync("good.example.com", CancellationToken.None));
    }

    [Fact]
    public async Task ANameThatHangsTakesOnePlaceHoweverOftenItIsAskedFor()
    {
        using var released = new ManualResetEventSlim();
        using var hosts = new DnsHostAddresses(host => LookUp(host, released));
        var slow = Enumerable.Range(0, DnsHostAddresses.MaxLookups + 1)
            .Select(_ => hosts.ResolveAsync("a.slow.example", CancellationToken.None).AsTask())
            .ToList();

        Assert.Single(await hosts.ResolveAsync("good.example.com", CancellationToken.None).AsTask().WithinLimit("a place is free"));
        released.Set();
        Assert.All(await Task.WhenAll(slow), found => Assert.Single(found));
    }

    private static IPAddress[] LookUp(string host, ManualResetEventSlim released)
    {
        if (host.EndsWith(".slow.example", StringComparison.Ordinal))
            released.Wait();
        return [IPAddress.Parse("8.8.8.8")];
    }
}
