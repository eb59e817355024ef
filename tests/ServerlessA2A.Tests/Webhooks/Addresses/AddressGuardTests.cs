using Microsoft.Extensions.Options;
using ServerlessA2A.Tests.Support;
using ServerlessA2A.Webhooks;
using ServerlessA2A.Webhooks.Addresses;

namespace ServerlessA2A.Tests.Webhooks.Addresses;

public class AddressGuardTests
{
    private const string PublicAddress = "93.184.215.14";
    private const string BadHost = "has a host that is neither a name nor an IP address in its usual form";
    private const string NotPublic = "has a host that is not public";

    /// <summary>Not even an address: the runtime's parser refuses it, and the request is refused before the guard sees it.</summary>
    private const string Unreadable = "unreadable";

    private readonly ManualTimeProvider _clock = new();
    private readonly ScriptedHostAddresses _hosts = new();

    /// <summary>IP addresses, and what kind they are; none for public ones.</summary>
    public static TheoryData<string, string?> Addresses => new()
    {
        { "8.8.8.8", null }, { PublicAddress, null }, { "1.1.1.1", null }, { "9.255.255.255", null }, { "11.0.0.1", null },
            { "100.63.255.255", null },
        { "100.128.0.1", null }, { "126.255.255.255", null }, { "128.0.0.1", null }, { "169.253.255.255", null }, { "169.255.0.1", null },
        { "172.15.255.255", null }, { "172.32.0.1", null }, { "192.167.255.255", null }, { "192.169.0.1", null }, { "192.0.1.1", null },
        { "198.17.255.255", null }, { "198.20.0.1", null }, { "223.255.255.255", null },
        { "2606:4700:4700::1111", null }, { "2a00:1450:4001:82b::200e", null }, { "2001:4860:4860::8888", null }, { "3ffe::1", null },
        { "64:ff9b::808:808", null },

        { "127.0.0.1", "a loopback" }, { "127.255.255.254", "a loopback" }, { "127.0.0.53", "a loopback" }, { "::1", "a loopback" },
        { "0.0.0.0", "an unspecified" }, { "0.1.2.3", "an unspecified" }, { "::", "an unspecified" },
        { "10.0.0.0", "a private" }, { "10.255.255.255", "a private" }, { "172.16.0.1", "a private" }, { "172.31.255.255", "a private" },
        { "192.168.0.1", "a private" }, { "192.168.255.255", "a private" },
        { "fc00::1", "a private" }, { "fdff:ffff::1", "a private" }, { "fec0::1", "a private" },
        { "169.254.169.254", "a metadata" }, { "fd00:ec2::254", "a metadata" }, { "fd20:ce::254", "a metadata" },
        { "100.100.100.200", "a metadata" },
        { "168.63.129.16", "a metadata" }, { "192.0.0.192", "a metadata" },
        { "169.254.0.1", "a link-local" }, { "169.254.170.2", "a link-local" }, { "fe80::1", "a link-local" },
        { "febf::1", "a link-local" },
        { "100.64.0.1", "a carrier-grade NAT" }, { "100.127.255.255", "a carrier-grade NAT" },
        { "192.0.2.1", "a documentation" }, { "198.51.100.7", "a documentation" }, { "203.0.113.255", "a documentation" },
        { "2001:db8::1", "a documentation" }, { "3fff::1", "a documentation" },
        { "198.18.0.1", "a benchmarking" }, { "198.19.255.255", "a benchmarking" }, { "2001:2::1", "a benchmarking" },
        { "224.0.0.1", "a multicast" }, { "239.255.255.255", "a multicast" }, { "ff02::1", "a multicast" },
        { "192.0.0.1", "a reserved" }, { "240.0.0.1", "a reserved" }, { "255.255.255.255", "a reserved" }, { "100::1", "a reserved" },
        { "2001:10::1", "a reserved" }, { "4000::1", "a reserved" }, { "5f00::1", "a reserved" }, { "fe00::1", "a reserved" },
        { "::ffff:127.0.0.1", "a mapped" }, { "::ffff:8.8.8.8", "a mapped" }, { "::ffff:169.254.169.254", "a mapped" },
        { "::ffff:0:127.0.0.1", "a mapped" },
        { "::127.0.0.1", "a mapped" }, { "::7f00:1", "a mapped" }, { "::a00:1", "a mapped" },
        { "64:ff9b::7f00:1", "a loopback" }, { "64:ff9b::a9fe:a9fe", "a metadata" }, { "64:ff9b::10.0.0.1", "a private" },
        { "64:ff9b:1::a00:1", "a mapped" },
        { "64:ff9b:1::808:808", "a mapped" }, { "64:ff9b:0:1::808:808", "a reserved" },
        { "2002:7f00:1::1", "a tunnelled" }, { "2002:a9fe:a9fe::", "a tunnelled" }, { "2001::1", "a tunnelled" },
        { "2001:0:808:808::1", "a tunnelled" },
        { "192.88.99.1", "a tunnelled" },
    };

    /// <summary>Whole addresses, and what the guard says of them with the settings as they are shipped.</summary>
    public static TheoryData<string, string?> Urls => new()
    {
        { "https://hooks.example.com/in?x=1", null }, { "https://HOOKS.Example.COM./in", null },
            { "https://hooks.example.com:8443/", null },
        { "https://a_b.example.com/", null }, { "https://bücher.example.com/", null }, { "https://xn--bcher-kva.example.com/", null },
        { "https://internal.example.com/", null }, { "https://localhost.example.com/", null }, { "https://134744072/", null },
        { "https://@hooks.example.com/", null },

        { "http://hooks.example.com/", "must be an absolute https address" },
            { "ftp://hooks.example.com/", "must be an absolute https address" },
        { "file:///etc/passwd", "must be an absolute https address" },
        { "gopher://hooks.example.com/", "must be an absolute https address" },
        { "/relative", "must be an absolute https address" }, { "http://127.0.0.1/", "must be an absolute https address" },
        { "https://me:secret@hooks.example.com/", "must not hold a user name or a password" },
        { "https://hooks.example.com@127.0.0.1/", "must not hold a user name or a password" },
        { "https://:@hooks.example.com/", "must not hold a user name or a password" },
        { "https://hooks.example.com#@127.0.0.1/", null },
        { "https://hooks.example.com:0/", "has the port 0" },

        // One address in many spellings.
        { "https://2130706433/", "leads to a loopback address" }, { "https://017700000001/", "leads to a loopback address" },
        { "https://0x7f000001/", "leads to a loopback address" }, { "https://0177.0.0.1/", "leads to a loopback address" },
        { "https://0x7f.1/", "leads to a loopback address" }, { "https://127.1/", "leads to a loopback address" },
        { "https://127.0.1/", "leads to a loopback address" }, { "https://0x7f.0x0.0x0.0x1/", "leads to a loopback address" },
        { "https://127.0.0.0x1/", "leads to a loopback address" }, { "https://0/", "leads to an unspecified address" },
        { "https://2852039166/", "leads to a metadata address" }, { "https://0xa9fea9fe/", "leads to a metadata address" },
        { "https://0251.0376.0251.0376/", "leads to a metadata address" }, { "https://[0:0:0:0:0:0:0:1]/", "leads to a loopback address" },
        { "https://[::ffff:7f00:1]/", "leads to a mapped address" }, { "https://[::FFFF:127.0.0.1]/", "leads to a mapped address" },
        { "https://127.0.0.1./", BadHost }, { "https://08.8.8.8/", BadHost }, { "https://256.256.256.256/", BadHost },
        { "https://1.2.3.4.5/", BadHost },
        { "https://4294967296/", BadHost }, { "https://hooks.example.0x7f/", BadHost }, { "https://hooks.example.127/", BadHost },
        { "https://１２７.0.0.1/", BadHost }, { "https://①②⑦.0.0.1/", BadHost }, { "https://127。0。0。1/", BadHost },
        { "https://%31%32%37.0.0.1/", Unreadable }, { "https://127.0.0.1%00.example.com/", Unreadable },
        { "https://%6c%6fcalhost/", Unreadable },
        { "https://[fe80::1%25eth0]/", BadHost }, { "https://[::1%1]/", BadHost }, { "https://[2606:4700:4700::1111%25eth0]/", BadHost },
        { "https://-hooks.example.com/", BadHost }, { "https://a..b/", Unreadable },
        { "https://hooks.example.com\\@127.0.0.1/", Unreadable },
        { $"https://{string.Join('.', Enumerable.Repeat(new string('a', 60), 5))}/", BadHost },

        // Names that are never public, and what resolvers make of them.
        { "https://localhost/", NotPublic }, { "https://LOCALHOST./", NotPublic }, { "https://any.localhost/", NotPublic },
        { "https://metadata.google.internal/", NotPublic }, { "https://Metadata.Google.Internal./computeMetadata/v1/", NotPublic },
        { "https://service.internal/", NotPublic }, { "https://printer.local/", NotPublic },
        { "https://kubernetes.default.svc.cluster.local/", NotPublic },
        { "https://host.localdomain/", NotPublic }, { "https://router.home.arpa/", NotPublic }, { "https://metadata/", NotPublic },
        { "https://internal/", NotPublic },
    };

    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task AnAddressIsJudgedByItsKindAlsoBehindAName(string address, string? kind)
    {
        var expected = kind is null ? null : $"leads to {kind} address";
        _hosts.Add("named.example.com", address).Add("mixed.example.com", $"{PublicAddress} {address}")
            .Add("last.example.com", $"{address} {PublicAddress}");

        Assert.Equal(expected, await FaultOfAsync(address.Contains(':') ? $"https://[{address}]/" : $"https://{address}/"));
        Assert.Equal(expected, await FaultOfAsync("https://named.example.com/"));
        Assert.Equal(expected, await FaultOfAsync("https://mixed.example.com/"));
        Assert.Equal(expected, await FaultOfAsync("https://last.example.com/"));
    }

    [Theory]
    [MemberData(nameof(Urls))]
    public async Task AnAddressIsReadInOneWay(string url, string? expected)
    {
        foreach (var host in new[]
        {
            "hooks.example.com", "a_b.example.com", "xn--bcher-kva.example.com", "internal.example.com", "localhost.example.com",
        })
        {
            _hosts.Add(host, PublicAddress);
        }

        if (expected == Unreadable)
            Assert.False(Uri.TryCreate(url, UriKind.Absolute, out _));
        else
            Assert.Equal(expected, await FaultOfAsync(url));
    }

    [Fact]
    public async Task NamesAreLookedUpOnlyWhereNothingElseIsWrong()
    {
        await FaultOfAsync("https://metadata.google.internal/");
        await FaultOfAsync("http://hooks.example.com/");
        await FaultOfAsync("https://127.0.0.1./");
        await FaultOfAsync("https://8.8.8.8/");

        Assert.Empty(_hosts.Asked);
    }

    [Fact]
    public async Task ANameIsLookedUpInOneSpelling()
    {
        await FaultOfAsync("https://BÜCHER.Example.COM./");

        Assert.Equal(["xn--bcher-kva.example.com"], _hosts.Asked);
    }

    [Fact]
    public async Task ANameThatLeadsNowhereIsAFault() =>
        Assert.Equal("has a host whose address was not found", await FaultOfAsync("https://unknown.example.com/"));

    [Fact]
    public async Task ANameThatIsLookedUpForTooLongIsAFault()
    {
        var fault = FaultOfAsync("https://silent.example.com/");
        await _clock.WaitForTimerAsync(AddressGuard.ResolveLimit);
        _clock.Advance(AddressGuard.ResolveLimit);

        Assert.Equal("has a host whose address was not found in time", await fault.WithinLimit("the guard gives up"));
    }

    [Fact]
    public async Task WhoAsksMayGiveUp()
    {
        using var canceled = new CancellationTokenSource();
        var fault = Guard().FaultOfAsync(new Uri("https://silent.example.com/"), canceled.Token).AsTask();
        await canceled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fault.WithinLimit("the guard gives up"));
    }

    [Theory]
    [InlineData("https://example.com/", true)]
    [InlineData("https://hooks.Example.com./", true)]
    [InlineData("https://a.b.example.com/", true)]
    [InlineData("https://bücher.example/", true)]
    [InlineData("https://8.8.8.8/", true)]
    [InlineData("https://[2606:4700:4700::1111]/", true)]
    [InlineData("https://notexample.com/", false)]
    [InlineData("https://example.com.evil.example/", false)]
    [InlineData("https://example.org/", false)]
    [InlineData("https://denied.example.com/", false)]
    [InlineData("https://below.denied.example.com/", false)]
    [InlineData("https://1.1.1.1/", false)]
    [InlineData("https://com/", false)]
    public async Task OnlyAllowedHostsAreCalledWhereThereAreAnyAndDeniedOnesNever(string url, bool isAllowed)
    {
        _hosts.Add(new Uri(url).IdnHost.TrimEnd('.'), PublicAddress);

        Assert.Equal(isAllowed, await FaultOfAsync(url, options =>
        {
            options.AllowedHosts.Add(".Example.com");
            options.AllowedHosts.Add("BÜCHER.example");
            options.AllowedHosts.Add("8.8.8.8");
            options.AllowedHosts.Add("2606:4700:4700:0::1111");
            options.DeniedHosts.Add("Denied.example.com.");
        }) is null);
    }

    [Theory]
    [InlineData("https://9.9.9.9/", false)]
    [InlineData("https://8.9.9.9/", true)]
    [InlineData("https://named.example.com/", false)]
    [InlineData("https://hooks.example.com/", true)]
    public async Task ADeniedAddressIsDeniedBehindANameToo(string url, bool isAllowed)
    {
        _hosts.Add("named.example.com", $"{PublicAddress} 9.9.9.9").Add("hooks.example.com", PublicAddress);

        Assert.Equal(isAllowed, await FaultOfAsync(url, options => options.DeniedHosts.Add("9.9.9.9")) is null);
    }

    [Theory]
    [InlineData("https://localhost:5001/", null)]
    [InlineData("http://localhost:5000/", null)]
    [InlineData("http://any.localhost/", null)]
    [InlineData("http://127.0.0.1/", null)]
    [InlineData("http://2130706433/", null)]
    [InlineData("http://[::1]/", null)]
    [InlineData("http://named.example.com/", null)]
    [InlineData("https://hooks.example.com/", null)]
    [InlineData("http://hooks.example.com/", "must be an absolute https address")]
    [InlineData("http://8.8.8.8/", "must be an absolute https address")]
    [InlineData("http://mixed.example.com/", "must be an absolute https address")]
    [InlineData("ftp://localhost/", "must be an absolute https address")]
    [InlineData("http://[::ffff:127.0.0.1]/", "leads to a mapped address")]
    [InlineData("http://[64:ff9b::7f00:1]/", "leads to a loopback address")]
    [InlineData("http://0.0.0.0/", "leads to an unspecified address")]
    [InlineData("http://10.0.0.1/", "leads to a private address")]
    [InlineData("https://metadata/", NotPublic)]
    [InlineData("https://metadata.google.internal/", NotPublic)]
    public async Task LoopbackAndHttpForItAreAllowedWhereTheSettingsSaySo(string url, string? expected)
    {
        _hosts.Add("localhost", "127.0.0.1 ::1").Add("any.localhost", "127.0.0.1").Add("named.example.com", "127.0.0.1")
            .Add("hooks.example.com", PublicAddress).Add("mixed.example.com", $"127.0.0.1 {PublicAddress}");

        Assert.Equal(expected, await FaultOfAsync(url, options => options.AllowLoopback = true));
    }

    [Theory]
    [InlineData("http://hooks.example.com/", null)]
    [InlineData("http://8.8.8.8/", null)]
    [InlineData("https://hooks.example.com/", null)]
    [InlineData("ftp://hooks.example.com/", "must be an absolute http or https address")]
    [InlineData("http://127.0.0.1/", "leads to a loopback address")]
    [InlineData("http://localhost/", NotPublic)]
    [InlineData("http://169.254.169.254/computeMetadata/v1/", "leads to a metadata address")]
    public async Task HttpIsAllowedWhereTheSettingsSaySo(string url, string? expected)
    {
        _hosts.Add("hooks.example.com", PublicAddress);

        Assert.Equal(expected, await FaultOfAsync(url, options => options.AllowHttp = true));
    }

    private AddressGuard Guard(Action<WebhookOptions>? configure = null)
    {
        var options = new WebhookOptions();
        configure?.Invoke(options);
        return new AddressGuard(Options.Create(options), _hosts, _clock);
    }

    private Task<string?> FaultOfAsync(string url, Action<WebhookOptions>? configure = null) =>
        Guard(configure).FaultOfAsync(new Uri(url, UriKind.RelativeOrAbsolute), CancellationToken.None).AsTask();
}
