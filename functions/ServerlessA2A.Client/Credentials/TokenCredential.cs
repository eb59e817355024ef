using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Security;

namespace ServerlessA2A.Client.Credentials;

/// <summary>A bearer token that is fetched, cached until shortly before it expires, and fetched once for all who wait for it.</summary>
internal abstract class TokenCredential : AgentCredential
{
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>For how long a token is used that does not say when it expires.</summary>
    private static readonly TimeSpan UnknownLifetime = TimeSpan.FromMinutes(5);

    /// <summary>The longest that a token is used, whatever lifetime its issuer grants.</summary>
    private static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Cached> _tokens = [];

    internal override bool Fits(SecurityScheme? scheme) => TakesBearer(scheme);

    internal override async ValueTask ApplyAsync(
        HttpRequestMessage request, SecurityScheme? scheme, IReadOnlyList<string> scopes, CredentialContext context,
        CancellationToken cancellationToken)
    {
        var purpose = PurposeOf(request.RequestUri!, scopes);
        Cached? cached;
        lock (_gate)
        {
            if (!_tokens.TryGetValue(purpose, out cached) || cached.IsOver(context.Time.GetUtcNow()))
                _tokens[purpose] = cached = new(FetchAsync(purpose, context));
        }

        SetBearer(request, (await cached.Fetch.WaitAsync(cancellationToken)).Token);
    }

    internal override bool Renew()
    {
        lock (_gate) _tokens.Clear();
        return true;
    }

    /// <summary>What a token is for: an audience, or scopes.</summary>
    protected abstract string PurposeOf(Uri address, IReadOnlyList<string> scopes);

    /// <summary>Requests a token, and reads how long it is valid, if that is known.</summary>
    protected abstract Task<(string Token, TimeSpan? Lifetime)> RequestAsync(
        string purpose, CredentialContext context, CancellationToken cancellationToken);

    /// <summary>Reads the answer of a token endpoint (RFC 6749, section 5.1).</summary>
    protected static async Task<(string Token, TimeSpan? Lifetime)> ReadTokenAsync(
        HttpResponseMessage response, Uri endpoint, CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        try
        {
            var json = JsonElement.Parse(body);
            if (response.IsSuccessStatusCode && json.ValueKind == JsonValueKind.Object &&
                json.TryGetProperty("access_token", out var token) && token.GetString() is { Length: > 0 } text)
            {
                return (text, json.TryGetProperty("expires_in", out var lifetime) ? LifetimeOf(lifetime) : null);
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
        }

        throw Rejected(response, endpoint);
    }

    protected static A2AClientException Rejected(HttpResponseMessage response, Uri endpoint) => new(
        (int)response.StatusCode >= 500 ? A2AError.Unavailable : A2AError.Unauthenticated,
        $"{endpoint.GetLeftPart(UriPartial.Path)} issued no token: HTTP status {(int)response.StatusCode}.");

    /// <summary>Fetches a token for all who wait for it: none of them can cancel it for the others.</summary>
    private async Task<(string Token, DateTimeOffset Until)> FetchAsync(string purpose, CredentialContext context)
    {
        using var limit = new CancellationTokenSource(Limit, context.Time);
        var now = context.Time.GetUtcNow();
        var (token, lifetime) = await RequestAsync(purpose, context, limit.Token);
        var ticks = (lifetime ?? ExpiryOf(token) - now ?? UnknownLifetime).Ticks;
        return (token, now + TimeSpan.FromTicks(Math.Clamp(ticks, 0, LongestLifetime.Ticks)) - Margin);
    }

    /// <summary>The member expires_in: seconds, which some servers send as a text; null for anything else.</summary>
    private static TimeSpan? LifetimeOf(JsonElement json) =>
        double.TryParse(
            JsonMarshal.GetRawUtf8Value(json).Trim((byte)'"'), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) &&
        seconds >= 0
            ? TimeSpan.FromSeconds(Math.Min(seconds, LongestLifetime.TotalSeconds)) : null;

    /// <summary>The claim exp of a JSON Web Token.</summary>
    private static DateTimeOffset? ExpiryOf(string token)
    {
        try
        {
            return token.Split('.') is [_, var claims, _] &&
                JsonElement.Parse(Base64Url.DecodeFromChars(claims)).TryGetProperty("exp", out var exp) && exp.TryGetInt64(out var seconds)
                ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
        }
        catch (Exception exception) when (exception is
            JsonException or FormatException or InvalidOperationException or ArgumentOutOfRangeException)
        {
            // ArgumentOutOfRangeException: milliseconds in place of seconds.
            return null;
        }
    }

    /// <summary>A token that is being fetched, or was.</summary>
    private sealed record Cached(Task<(string Token, DateTimeOffset Until)> Fetch)
    {
        public bool IsOver(DateTimeOffset now) => Fetch.IsCompleted && (!Fetch.IsCompletedSuccessfully || Fetch.Result.Until <= now);
    }
}
