using ServerlessA2A.Settings;

namespace ServerlessA2A.Security;

/// <summary>The exchange of callers' access tokens (RFC 8693): the section <c>A2A:Security:TokenExchange</c>.</summary>
public sealed class TokenExchangeOptions
{
    private const string Section = "A2A:Security:TokenExchange";

    /// <summary>Where the authorization server exchanges tokens: an https address. Default: no exchange.</summary>
    public string? TokenUrl { get; set; }

    /// <summary>The id of the agent's OAuth client. Default: the request has no client authentication.</summary>
    public string? ClientId { get; set; }

    /// <summary>The client's secret.</summary>
    public string? ClientSecret { get; set; }

    /// <summary>The service that tokens are exchanged for, unless a call names another one.</summary>
    public string? Audience { get; set; }

    /// <summary>Returns the faults of the settings; each names the setting, the value found (never the secret) and the remedy.</summary>
    internal IEnumerable<string> Faults(bool forwardsAccessTokens)
    {
        if (string.IsNullOrEmpty(TokenUrl))
            yield break;
        if (!Uri.TryCreate(TokenUrl, UriKind.Absolute, out var address) || !(address.Scheme == "https" || address.IsLoopback))
            yield return SettingFault.Of($"{Section}:TokenUrl", TokenUrl, "set an https address.");
        if (!forwardsAccessTokens)
        {
            yield return SettingFault.Of(
                $"{Section}:TokenUrl", TokenUrl, "an exchange needs the caller's token: set A2A:Security:ForwardAccessToken to true.");
        }

        if (!string.IsNullOrEmpty(ClientSecret) && string.IsNullOrEmpty(ClientId))
            yield return SettingFault.Of($"{Section}:ClientId", "", "the secret belongs to a client: set its id.");
    }
}
