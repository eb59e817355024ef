using ServerlessA2A.Tests.Webhooks.Addresses;
using ServerlessA2A.Webhooks;
using ServerlessA2A.Webhooks.Addresses;
using ServerlessA2A.Webhooks.Delivery;

namespace ServerlessA2A.Tests.Webhooks.Delivery;

/// <summary>That a connection goes where the guard allows it, and only there.</summary>
public class WebhookSenderAddressTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    private const string OkAndClose = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    private const string PublicAddress = "93.184.215.14";

    [Fact]
    public async Task ANameThatLeadsElsewhereAfterTheCheckIsRefused()
    {
        await using var receiver = SocketReceiver.Answering(Ok);
        var hosts = new ScriptedHostAddresses().Add("rebind.example.com", PublicAddress).Add("rebind.example.com", "127.0.0.1");
        using var calls = new WebhookCalls(AllowHttpOnly, hosts: hosts);
        var url = receiver.Url("rebind.example.com");

        Assert.Null(await calls.Guard.FaultOfAsync(new Uri(url), CancellationToken.None));
        Assert.Equal(
            new WebhookAnswer { Fault = "The address leads to a loopback address.", IsRefused = true }, await calls.SendAsync(url));

        Assert.Equal(2, hosts.Asked.Count);
        Assert.Equal(0, receiver.Connections);
    }

    [Theory]
    [InlineData("127.0.0.1 93.184.215.14")]
    [InlineData("93.184.215.14 127.0.0.1")]
    [InlineData("93.184.215.14 2606:4700:4700::1111 ::ffff:127.0.0.1")]
    [InlineData("93.184.215.14 169.254.169.254")]
    public async Task ANameWithOneBadAddressAmongGoodOnesIsRefused(string addresses)
    {
        await using var receiver = SocketReceiver.Answering(Ok);
        using var calls = new WebhookCalls(AllowHttpOnly, hosts: new ScriptedHostAddresses().Add("mixed.example.com", addresses));

        var answer = await calls.SendAsync(receiver.Url("mixed.example.com"));

        Assert.True(answer.IsRefused);
        Assert.Null(answer.Status);
        Assert.Equal(0, receiver.Connections);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("2130706433")]
    [InlineData("0x7f.1")]
    [InlineData("127.0.0.1.")]
    [InlineData("127。0。0。1")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("[::1]")]
    [InlineData("0.0.0.0")]
    [InlineData("localhost")]
    [InlineData("me@127.0.0.1")]
    public async Task NoSpellingOfThisMachineReachesIt(string host)
    {
        await using var receiver = SocketReceiver.Answering(Ok);
        using var calls = new WebhookCalls(AllowHttpOnly, hosts: new ScriptedHostAddresses().Add("localhost", "127.0.0.1"));

        var answer = await calls.SendAsync(receiver.Url(host));

        Assert.True(answer.IsRefused);
        Assert.Equal(0, receiver.Connections);
    }

    [Fact]
    public async Task EachNewConnectionIsCheckedAgain()
    {
        await using var receiver = SocketReceiver.Answering(OkAndClose);
        using var calls = new WebhookCalls(
            hosts: new ScriptedHostAddresses().Add("moves.example.com", "127.0.0.1").Add("moves.example.com", "10.0.0.1"));

        Assert.Equal(new WebhookAnswer { Status = 200 }, await calls.SendAsync(receiver.Url("moves.example.com")));
        Assert.Equal(
            new WebhookAnswer { Fault = "The address leads to a private address.", IsRefused = true },
            await calls.SendAsync(receiver.Url("moves.example.com")));
    }

    [Fact]
    public async Task HttpThatIsAllowedForLoopbackOnlyGoesNowhereElse()
    {
        var hosts = new ScriptedHostAddresses().Add("moves.example.com", "127.0.0.1").Add("moves.example.com", PublicAddress);
        using var calls = new WebhookCalls(hosts: hosts);

        Assert.Null(await calls.Guard.FaultOfAsync(new Uri("http://moves.example.com/"), CancellationToken.None));
        Assert.Equal(
            new WebhookAnswer { Fault = "The address must be an absolute https address.", IsRefused = true },
            await calls.SendAsync("http://moves.example.com/"));
    }

    [Fact]
    public async Task ARuleThatTheConnectionDoesNotShowHoldsOnAnOpenConnectionToo()
    {
        await using var receiver = SocketReceiver.Answering(Ok);
        using var calls = new WebhookCalls();

        Assert.Equal(200, (await calls.SendAsync(receiver.Url())).Status);
        Assert.Equal(
            new WebhookAnswer { Fault = "The address must not hold a user name or a password.", IsRefused = true },
            await calls.SendAsync(receiver.Url("me:secret@hooks.example.com")));
    }

    [Fact]
    public async Task TheConnectionGoesToTheAddressThatWasCheckedWithoutAnotherLookUp()
    {
        await using var receiver = SocketReceiver.Answering(Ok);
        // Known to nobody but the script.
        using var calls = new WebhookCalls(hosts: new ScriptedHostAddresses().Add("no-such-host.example.com", "127.0.0.1"));

        Assert.Equal(200, (await calls.SendAsync(receiver.Url("no-such-host.example.com"))).Status);
        Assert.Equal(200, (await calls.SendAsync(receiver.Url("no-such-host.example.com"))).Status);

        Assert.Equal(["no-such-host.example.com"], calls.Hosts.Asked);
        Assert.Equal(1, receiver.Connections);
    }

    [Theory]
    [InlineData("127.0.0.1 127.0.0.3 127.0.0.2")]
    [InlineData("127.0.0.2 127.0.0.1")]
    public async Task EachCheckedAddressIsTriedUntilOneAnswers(string addresses)
    {
        await using var receiver = SocketReceiver.Start(
            async connection =>
            {
                await connection.ReadRequestAsync();
                await connection.WriteAsync(Ok);
            },
            "127.0.0.2");
        using var calls = new WebhookCalls(hosts: new ScriptedHostAddresses().Add("two.example.com", addresses));

        Assert.Equal(new WebhookAnswer { Status = 200 }, await calls.SendAsync(receiver.Url("two.example.com")));
    }

    [Fact]
    public async Task ANameThatIsNotFoundNowMayBeFoundLater()
    {
        using var calls = new WebhookCalls();

        Assert.Equal(
            new WebhookAnswer { Fault = "The address has a host whose address was not found." },
            await calls.SendAsync("http://unknown.example.com/"));
    }

    [Fact]
    public async Task ANameThatIsLookedUpForTooLongMayBeFoundLater()
    {
        using var calls = new WebhookCalls();

        var call = calls.SendAsync("http://silent.example.com/");
        await calls.Clock.WaitForTimerAsync(AddressGuard.ResolveLimit);
        calls.Clock.Advance(AddressGuard.ResolveLimit);

        Assert.Equal(new WebhookAnswer { Fault = "The address has a host whose address was not found in time." }, await call);
    }

    private static void AllowHttpOnly(WebhookOptions options) => (options.AllowHttp, options.AllowLoopback) = (true, false);
}
