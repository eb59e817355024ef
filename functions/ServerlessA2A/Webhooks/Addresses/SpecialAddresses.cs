using System.Net;
using System.Net.Sockets;

namespace ServerlessA2A.Webhooks.Addresses;

/// <summary>
/// The addresses that are not public: those of this machine and its networks, and those that stand for others or for nobody. After IANA's
/// registries of special-purpose addresses; of IPv6, what is not known as public is special.
/// </summary>
internal static class SpecialAddresses
{
    private const string Mapped = "a mapped";
    private const string Reserved = "a reserved";

    /// <summary>NAT64 (RFC 6052): the last 32 bits are an IPv4 address, and that is where it leads.</summary>
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");

    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    /// <summary>The first that holds an address tells its kind.</summary>
    private static readonly (IPNetwork Network, string Kind)[] Networks =
    [
        .. Of("a metadata", "169.254.169.254/32", "168.63.129.16/32", "100.100.100.200/32", "192.0.0.192/32", "fd00:ec2::254/128",
        "fd20:ce::254/128"),
        .. Of("an unspecified", "0.0.0.0/8", "::/128"),
        .. Of("a loopback", "127.0.0.0/8", "::1/128"),
        .. Of("a private", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "fec0::/10"),
        .. Of("a link-local", "169.254.0.0/16", "fe80::/10"),
        .. Of("a carrier-grade NAT", "100.64.0.0/10"),
        .. Of("a documentation", "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20"),
        .. Of("a benchmarking", "198.18.0.0/15", "2001:2::/48"),
        .. Of("a multicast", "224.0.0.0/4", "ff00::/8"),
        // Other spellings of IPv4 addresses, and tunnels to them: nobody's webhook needs one.
        .. Of(Mapped, "::ffff:0:0:0/96", "::/96", "64:ff9b:1::/48"),
        .. Of("a tunnelled", "2002::/16", "2001::/32", "192.88.99.0/24"),
        .. Of(Reserved, "192.0.0.0/24", "240.0.0.0/4", "100::/64", "2001::/23"),
    ];

    /// <summary>What kind of special address it is, with its article; null for a public one.</summary>
    public static string? KindOf(IPAddress address)
    {
        // A network of IPv4 addresses takes these for its own.
        if (address.IsIPv4MappedToIPv6)
            return Mapped;
        foreach (var (network, kind) in Networks)
        {
            if (network.Contains(address))
                return kind;
        }

        if (address.AddressFamily == AddressFamily.InterNetwork)
            return null;
        if (Nat64.Contains(address))
            return KindOf(new IPAddress(address.GetAddressBytes().AsSpan(12)));
        return GlobalUnicast.Contains(address) ? null : Reserved;
    }

    /// <summary>Whether it is this machine itself, in the usual spelling.</summary>
    public static bool IsLoopback(IPAddress address) => IPAddress.IsLoopback(address) && !address.IsIPv4MappedToIPv6;

    private static IEnumerable<(IPNetwork Network, string Kind)> Of(string kind, params string[] networks) =>
        networks.Select(network => (IPNetwork.Parse(network), kind));
}
