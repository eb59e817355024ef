using ServerlessA2A.Security;
using ServerlessA2A.Webhooks.Signing;

namespace ServerlessA2A.Webhooks;

/// <summary>How webhooks are called, and which may be: the section <c>A2A:Notifications</c>.</summary>
public sealed class NotificationOptions
{
    /// <summary>Whether webhooks may have http addresses. Off unless set: https only.</summary>
    public bool AllowHttp { get; set; }

    /// <summary>Whether webhooks may be on this machine. Off unless set; local runs set it, and say so.</summary>
    public bool AllowLoopback { get; set; }

    /// <summary>The hosts that webhooks may have, with all below them: <c>example.com</c> allows <c>hooks.example.com</c>. Any unless set.</summary>
    public IList<string> AllowedHosts { get; } = [];

    /// <summary>The hosts that webhooks may not have, with all below them.</summary>
    public IList<string> DeniedHosts { get; } = [];

    /// <summary>The ports that webhooks may have. Any unless set.</summary>
    public IList<int> AllowedPorts { get; } = [];

    /// <summary>The ports that webhooks may not have.</summary>
    public IList<int> DeniedPorts { get; } = [];

    /// <summary>How long one call of a webhook may take. 20 s unless set.</summary>
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a webhook that fails in passing is called again before it is given up. 24 hours unless set.</summary>
    public TimeSpan RetryLimit { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How deliveries are signed: <c>Jwt</c>, <c>GoogleIdToken</c> or <c>None</c>. <c>Jwt</c> where there are <see cref="SecurityOptions.SigningKeys"/>, <c>None</c> otherwise, unless set.</summary>
    public NotificationSignature? Signature { get; set; }

    /// <summary>Who signs (<c>iss</c>). The public address of the task's agent (<c>A2A:Agent:PublicUrl</c>) unless set; without either, tokens name no issuer.</summary>
    public string? Issuer { get; set; }

    /// <summary>What is wrong with the settings: each message names the setting, the value found (but never a key) and what to do.</summary>
    public IEnumerable<string> Validate()
    {
        foreach (var (name, value) in new[] { (nameof(TimeLimit), TimeLimit), (nameof(RetryLimit), RetryLimit) })
        {
            if (value <= TimeSpan.Zero || value > TimeSpan.FromDays(7))
                yield return $"A2A:Notifications:{name} (A2A__Notifications__{name}) is {value}: set a time above 0, up to 7 days.";
        }

        foreach (var (name, hosts) in new[] { (nameof(AllowedHosts), AllowedHosts), (nameof(DeniedHosts), DeniedHosts) })
        {
            for (var i = 0; i < hosts.Count; i++)
            {
                if (Uri.CheckHostName(hosts[i].TrimStart('.')) == UriHostNameType.Unknown)
                    yield return $"A2A:Notifications:{name}:{i} (A2A__Notifications__{name}__{i}) is '{hosts[i]}': set a host's name, such as example.com.";
            }
        }

        foreach (var (name, ports) in new[] { (nameof(AllowedPorts), AllowedPorts), (nameof(DeniedPorts), DeniedPorts) })
        {
            for (var i = 0; i < ports.Count; i++)
            {
                if (ports[i] is < 1 or > 65_535)
                    yield return $"A2A:Notifications:{name}:{i} (A2A__Notifications__{name}__{i}) is {ports[i]}: set a port, 1 to 65535.";
            }
        }

        if (Signature == NotificationSignature.GoogleIdToken && AllowedHosts.Count == 0)
        {
            yield return "A2A:Notifications:Signature (A2A__Notifications__Signature) is GoogleIdToken and there are no A2A:Notifications:AllowedHosts (A2A__Notifications__AllowedHosts__0): " +
                "whoever names a service of Google Cloud as a webhook would get a token of the service account for it. Set the hosts that may have one.";
        }
    }
}
