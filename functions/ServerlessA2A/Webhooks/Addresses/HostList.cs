using System.Net;

namespace ServerlessA2A.Webhooks.Addresses;

/// <summary>Hosts that the settings name, each with all below it.</summary>
internal sealed class HostList(IEnumerable<string> hosts)
{
    private readonly UrlHost[] _hosts = [.. hosts.Select(Parse)];

    public bool IsEmpty => _hosts.Length == 0;

    public bool Contains(UrlHost host) => Array.Exists(_hosts, each => host.IsWithin(each.Name));

    public bool Contains(IPAddress address) => Array.Exists(_hosts, each => address.Equals(each.Address));

    /// <summary>Read as an address is, so that the two have one spelling.</summary>
    private static UrlHost Parse(string host)
    {
        var name = host.TrimStart('.');
        var isBare = Uri.CheckHostName(name) == UriHostNameType.IPv6 && !name.StartsWith('[');
        return UrlHost.Of(new Uri(isBare ? $"https://[{name}]" : $"https://{name}"))
            ?? throw new UriFormatException($"'{host}' is not a host's name.");
    }
}
