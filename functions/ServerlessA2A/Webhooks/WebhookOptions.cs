using ServerlessA2A.Security;
using ServerlessA2A.Settings;

namespace ServerlessA2A.Webhooks;

/// <summary>The allowed webhooks and their delivery: the section <c>A2A:Webhooks</c>.</summary>
public sealed class WebhookOptions
{
    /// <summary>Whether webhooks may have http addresses. Default: false, https only; true in the functions' local host.</summary>
    public bool AllowHttp { get; set; }

    /// <summary>Whether webhooks may be on this machine. Default: false; true in the functions' local host.</summary>
    public bool AllowLoopback { get; set; }

    /// <summary>
    /// The allowed hosts of webhooks, including their subdomains: <c>example.com</c> allows <c>hooks.example.com</c>. Default: any.
    /// </summary>
    public IList<string> AllowedHosts { get; } = [];

    /// <summary>The rejected hosts of webhooks, including their subdomains. Default: none.</summary>
    public IList<string> DeniedHosts { get; } = [];

    /// <summary>How long failing deliveries to a webhook are retried before it is disabled: up to 7 days. Default: 24 hours.</summary>
    public TimeSpan RetryLimit { get; set; } = TimeSpan.FromHours(24);

    /// <summary>
    /// How deliveries are signed: <c>Jwt</c>, <c>GoogleIdToken</c> or <c>None</c>. Default: <c>Jwt</c> if there are
    /// <see cref="SecurityOptions.SigningKeys"/>, otherwise <c>None</c>. <c>GoogleIdToken</c> needs <see cref="AllowedHosts"/>.
    /// </summary>
    public WebhookSignature? Signature { get; set; }

    /// <summary>The issuer of signatures (<c>iss</c>). Default: the public address of the task's agent, if there is one.</summary>
    public string? Issuer { get; set; }

    /// <summary>How long one delivery attempt may take.</summary>
    internal TimeSpan TimeLimit { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Returns the faults of the settings; each names the setting, the value found and the remedy.</summary>
    public IEnumerable<string> Validate()
    {
        if (RetryLimit <= TimeSpan.Zero || RetryLimit > TimeSpan.FromDays(7))
            yield return SettingFault.Of("A2A:Webhooks:RetryLimit", RetryLimit, "set a time above 0, up to 7 days.");
        foreach (var (name, hosts) in new[] { (nameof(AllowedHosts), AllowedHosts), (nameof(DeniedHosts), DeniedHosts) })
        {
            for (var i = 0; i < hosts.Count; i++)
            {
                if (Uri.CheckHostName(hosts[i].TrimStart('.')) == UriHostNameType.Unknown)
                    yield return SettingFault.Of($"A2A:Webhooks:{name}:{i}", hosts[i], "set a host's name, such as example.com.");
            }
        }

        if (Signature == WebhookSignature.GoogleIdToken && AllowedHosts.Count == 0)
        {
            yield return $"{SettingFault.Name("A2A:Webhooks:Signature")} is GoogleIdToken and there are no " +
                $"{SettingFault.ListName("A2A:Webhooks:AllowedHosts")}: any client could get a token of the service account " +
                "for a service of Google Cloud by naming it as a webhook. Set the hosts that may receive one.";
        }
    }
}
