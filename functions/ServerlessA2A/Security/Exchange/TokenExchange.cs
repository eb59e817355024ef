using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using ServerlessA2A.Security.Authentication;
using ServerlessA2A.Settings;

namespace ServerlessA2A.Security.Exchange;

/// <summary>
/// Exchanges the caller's access token for a token of another service (RFC 8693), so that agents and tools call that service on behalf of
/// the caller. Inject it, and pass <c>AgentContext.AccessToken</c>. Tokens are kept until a minute before they expire.
/// </summary>
public sealed class TokenExchange
{
    private const string AccessTokenType = "urn:ietf:params:oauth:token-type:access_token";

    /// <summary>The most tokens that are kept: a caller more than that only costs a request.</summary>
    internal const int MaxKept = 1000;

    /// <summary>How long before its end a token is not used any more, and how long a token without an expiry is kept.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    /// <summary>The longest that a token is kept, whatever lifetime the authorization server grants.</summary>
    private static readonly TimeSpan LongestKept = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<string, (string Token, DateTimeOffset Until)> _kept = new(StringComparer.Ordinal);
    private readonly TokenExchangeOptions _options;
    private readonly IdentityProviderClient _server;
    private readonly TimeProvider _time;

    internal TokenExchange(IOptions<SecurityOptions> options, IdentityProviderClient server, TimeProvider time) =>
        (_options, _server, _time) = (options.Value.TokenExchange, server, time);

    /// <summary>Exchanges a token.</summary>
    /// <param name="accessToken">The caller's access token.</param>
    /// <param name="audience">The service that the new token is for. Default: <see cref="TokenExchangeOptions.Audience"/>.</param>
    /// <param name="scope">The scopes of the new token, separated by spaces. Default: those that the authorization server chooses.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The new access token. Never log it or send it to the client.</returns>
    /// <exception cref="TokenExchangeException">The authorization server rejected the exchange, or is unavailable.</exception>
    /// <exception cref="InvalidOperationException"><c>A2A:Security:TokenExchange:TokenUrl</c> is not set.</exception>
    public async Task<string> ExchangeAsync(
        string accessToken, string? audience = null, string? scope = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(accessToken);
        if (_options.TokenUrl is not { Length: > 0 } address)
        {
            throw new InvalidOperationException(
                $"{SettingFault.Name("A2A:Security:TokenExchange:TokenUrl")} is not set: set the address where the authorization server " +
                "exchanges tokens.");
        }

        audience ??= _options.Audience;
        var key = KeyOf(accessToken, audience, scope);
        if (_kept.TryGetValue(key, out var kept) && _time.GetUtcNow() < kept.Until)
            return kept.Token;
        var (token, lifetime) = await AskAsync(address, accessToken, audience, scope, cancellationToken);
        MakeRoom();
        _kept[key] = (token, _time.GetUtcNow() + lifetime);
        return token;
    }

    private async Task<(string Token, TimeSpan Lifetime)> AskAsync(
        string address, string accessToken, string? audience, string? scope, CancellationToken cancellationToken)
    {
        List<KeyValuePair<string, string>> form =
        [
            new("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
            new("subject_token", accessToken),
            new("subject_token_type", AccessTokenType),
            new("requested_token_type", AccessTokenType),
        ];
        if (!string.IsNullOrEmpty(audience))
            form.Add(new("audience", audience));
        if (!string.IsNullOrEmpty(scope))
            form.Add(new("scope", scope));
        using var content = new FormUrlEncodedContent(form);
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = content };
        if (_options.ClientId is { Length: > 0 } client)
            request.Headers.Authorization = Basic(client, _options.ClientSecret ?? "");
        try
        {
            var answer = await _server.AskAsync(request, cancellationToken);
            if ((int)answer.Status is >= 400 and < 500 &&
                answer.Status is not (HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout))
            {
                var reason = JsonMembers.Parse(answer.Body)?.Text("error") ?? $"status {(int)answer.Status}";
                throw new TokenExchangeException($"The authorization server rejected the exchange of the caller's token: {reason}.");
            }

            var granted = answer.Json(HttpStatusCode.OK);
            if (granted.Text("access_token") is not { } token)
                throw new IdentityProviderException($"{answer.Address} returned no access_token.");
            var lifetime = granted.Time("expires_in") is { } seconds ? seconds - DateTimeOffset.UnixEpoch - Margin : Margin;
            return (token, lifetime < LongestKept ? lifetime : LongestKept);
        }
        catch (IdentityProviderException fault)
        {
            throw new TokenExchangeException(fault.Message, fault) { IsTransient = true };
        }
    }

    /// <summary>RFC 6749, section 2.3.1: id and secret are encoded before they are joined.</summary>
    private static AuthenticationHeaderValue Basic(string client, string secret) => new(
        "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(client)}:{Uri.EscapeDataString(secret)}")));

    /// <summary>Not the token itself: it would stay in memory after its run.</summary>
    private static string KeyOf(string accessToken, string? audience, string? scope) => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes($"{accessToken.Length}:{accessToken}{audience?.Length ?? 0}:{audience}{scope}")));

    private void MakeRoom()
    {
        if (_kept.Count < MaxKept)
            return;
        var now = _time.GetUtcNow();
        foreach (var (key, kept) in _kept)
        {
            if (kept.Until <= now)
                _kept.TryRemove(key, out _);
        }

        if (_kept.Count >= MaxKept)
            _kept.Clear();
    }
}
