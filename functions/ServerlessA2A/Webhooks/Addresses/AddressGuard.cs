using System.Net;
using Microsoft.Extensions.Options;

namespace ServerlessA2A.Webhooks.Addresses;

/// <summary>
/// Keeps webhooks away from where they may not go. A client names their addresses and the agent calls them, from inside: without a guard
/// that reaches the metadata server, the neighbours and this machine (server-side request forgery).
/// </summary>
/// <remarks>
/// Asked when a webhook is made, so that its client learns of it, and again for each connection: by then the name may lead elsewhere.
/// </remarks>
internal sealed class AddressGuard(IOptions<WebhookOptions> options, IHostAddresses hosts, TimeProvider? time = null)
{
    /// <summary>How long the search for a name's addresses may take.</summary>
    internal static readonly TimeSpan ResolveLimit = TimeSpan.FromSeconds(5);

    /// <summary>Names of this machine and of inner networks (RFC 6761, 6762, 8375, 9476; <c>metadata.google.internal</c>).</summary>
    private static readonly string[] InnerNames = ["localhost", "localdomain", "local", "internal", "home.arpa"];

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly WebhookOptions _options = options.Value;
    private readonly HostList _allowed = new(options.Value.AllowedHosts);
    private readonly HostList _denied = new(options.Value.DeniedHosts);

    /// <summary>Why an address may not be a webhook's, in words for its client that go on from <c>url</c>; null where it may.</summary>
    public async ValueTask<string?> FaultOfAsync(Uri address, CancellationToken cancellationToken) =>
        (await CheckAsync(address, cancellationToken)).Fault;

    /// <summary>Why an address may not be called wherever its host is; null where that depends.</summary>
    internal string? FaultOf(Uri address) => Look(address).Fault;

    /// <summary>Looks an address over, and all that its name leads to.</summary>
    internal async ValueTask<AddressCheck> CheckAsync(Uri address, CancellationToken cancellationToken)
    {
        var (fault, host) = Look(address);
        if (fault is not null)
            return AddressCheck.Refused(fault);
        if (host!.Address is not null)
            return AddressCheck.Allowed([host.Address]);

        IReadOnlyList<IPAddress> found;
        using var limit = new CancellationTokenSource(ResolveLimit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            found = await hosts.ResolveAsync(host.Name, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return AddressCheck.NotFound("has a host whose address was not found in time");
        }

        if (found.Count == 0)
            return AddressCheck.NotFound("has a host whose address was not found");

        // One bad address among good ones is enough: which one is connected to would be chance, or somebody's choice.
        return found.Select(each => FaultOf(address, each)).FirstOrDefault(each => each is not null) is { } bad
            ? AddressCheck.Refused(bad)
            : AddressCheck.Allowed(found);
    }

    /// <summary>What can be said without looking the name up.</summary>
    private (string? Fault, UrlHost? Host) Look(Uri address)
    {
        if (!address.IsAbsoluteUri || !IsSchemeAllowed(address))
            return (MustBeWebAddress, null);
        if (address.UserInfo.Length > 0)
            return ("must not hold a user name or a password", null);
        if (UrlHost.Of(address) is not { } host)
            return ("has a host that is neither a name nor an IP address in its usual form", null);
        if (host.Address is null && !IsPublicName(host))
            return ("has a host that is not public", null);
        if (_denied.Contains(host) || (!_allowed.IsEmpty && !_allowed.Contains(host)))
            return ("has a host that is not allowed here", null);
        if (address.Port == 0)
            return ("has the port 0", null);
        return (host.Address is null ? null : FaultOf(address, host.Address), host);
    }

    private string? FaultOf(Uri address, IPAddress leadsTo)
    {
        if (_denied.Contains(leadsTo))
            return "leads to an address that is not allowed here";
        if (_options.AllowLoopback && SpecialAddresses.IsLoopback(leadsTo))
            return null;
        if (SpecialAddresses.KindOf(leadsTo) is { } kind)
            return $"leads to {kind} address";
        return address.Scheme == Uri.UriSchemeHttps || _options.AllowHttp ? null : MustBeWebAddress;
    }

    private string MustBeWebAddress =>
        _options.AllowHttp ? "must be an absolute http or https address" : "must be an absolute https address";

    /// <summary>Where loopback is allowed http is too, for loopback only: which that is shows when the name was looked up.</summary>
    private bool IsSchemeAllowed(Uri address) => address.Scheme == Uri.UriSchemeHttps ||
        (address.Scheme == Uri.UriSchemeHttp && (_options.AllowHttp || _options.AllowLoopback));

    /// <summary>A name without a dot is one of an inner network too: the resolver puts that network's domain behind it.</summary>
    private bool IsPublicName(UrlHost host) => (_options.AllowLoopback && host.IsWithin("localhost")) ||
        (host.Name.Contains('.') && !Array.Exists(InnerNames, host.IsWithin));
}
