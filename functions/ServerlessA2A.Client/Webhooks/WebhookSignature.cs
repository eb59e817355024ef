using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ServerlessA2A.Client.Webhooks;

/// <summary>The JSON Web Token that signs a delivery (docs/webhooks.md): what it claims of the event.</summary>
/// <param name="TaskId">The task; null where the agent does not sign it.</param>
/// <param name="EventNumber">The event's number in the task; null where the agent does not sign it.</param>
internal sealed record WebhookSignature(string? TaskId, long? EventNumber)
{
    /// <summary>By how much the clocks may differ.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    /// <summary>Verifies key, audience, time and body.</summary>
    /// <exception cref="WebhookRejectedException">The signature is invalid.</exception>
    public static async Task<WebhookSignature> VerifyAsync(
        string token, ReadOnlyMemory<byte> body, string audience, KeySet keys, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (token.Split('.') is not [var head, var payload, var signature]) throw Rejected("is not a JSON Web Token");
        var (header, claims) = (Parse(head), Parse(payload));
        // The algorithm follows from the key, which rules out none and HS256.
        if (Text(header, "kid") is not { } id || Text(header, "alg") is not { } algorithm || Member(header, "crit") is not null)
            throw Rejected("has no header that is supported");
        // A rotation reaches the signing and the publishing instances at different times. A 4xx would disable the webhook.
        if (await keys.FindAsync(id, cancellationToken) is not { Count: > 0 } named)
            throw new WebhookRejectedException(503, $"The agent does not publish the key {id}, with which the delivery is signed.");
        var key = named.FirstOrDefault(each => each.Algorithm == algorithm) ?? throw Rejected("was made with another algorithm");
        if (!key.Verify(Encoding.ASCII.GetBytes($"{head}.{payload}"), Decode(signature))) throw Rejected("was made with another key");
        if (!Audiences(claims).Contains(audience)) throw Rejected($"is for another audience than {audience}");
        if (Time(claims, "exp") is not { } expiry || expiry + Skew <= now) throw Rejected("has expired");
        if (Time(claims, "nbf") > now + Skew || Time(claims, "iat") > now + Skew) throw Rejected("is of the future");
        // The second name is that of the samples of the A2A project.
        var hash = SHA256.HashData(body.Span);
        if (Text(claims, "bodyHash") != Base64Url.EncodeToString(hash) &&
            Text(claims, "request_body_sha256") != Convert.ToHexStringLower(hash))
            throw Rejected("is over another body");
        return new(Text(claims, "taskId"), Number(claims, "eventNumber"));
    }

    private static IEnumerable<string?> Audiences(JsonElement claims) =>
        Member(claims, "aud") is { ValueKind: JsonValueKind.Array } several ? several.EnumerateArray().Select(each => TextOf(each))
            : [Text(claims, "aud")];

    private static JsonElement Parse(string part)
    {
        try
        {
            var json = JsonElement.Parse(Decode(part));
            return json.ValueKind == JsonValueKind.Object ? json : throw Rejected("has a part that is not an object");
        }
        catch (JsonException)
        {
            throw Rejected("has a part that is not JSON");
        }
    }

    private static byte[] Decode(string part)
    {
        try
        {
            return Base64Url.DecodeFromChars(part);
        }
        catch (FormatException)
        {
            throw Rejected("has a part that is not base64url");
        }
    }

    private static DateTimeOffset? Time(JsonElement claims, string name) =>
        Member(claims, name) is { ValueKind: JsonValueKind.Number } time && time.TryGetDouble(out var seconds) &&
        seconds is >= 0 and < 1e11
            ? DateTimeOffset.UnixEpoch.AddSeconds(seconds) : null;

    private static long? Number(JsonElement claims, string name) =>
        Member(claims, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var number) && number >= 0
            ? number : null;

    private static string? Text(JsonElement json, string name) => TextOf(Member(json, name));

    private static JsonElement? Member(JsonElement json, string name)
    {
        try
        {
            return json.TryGetProperty(name, out var member) ? member : null;
        }
        catch (InvalidOperationException)
        {
            throw Rejected("has a name that is not valid Unicode");
        }
    }

    private static string? TextOf(JsonElement? json)
    {
        try
        {
            return json is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            throw Rejected("has a text that is not valid Unicode");
        }
    }

    private static WebhookRejectedException Rejected(string fault) => new(401, $"The delivery's signature {fault}.");
}
