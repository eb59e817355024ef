using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Keys;
using ServerlessA2A.Protocol.Signatures;
using ServerlessA2A.Security;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.Webhooks.Signing;

/// <summary>
/// Signs each delivery with a JSON Web Token (RFC 7519, compact JWS) of ES256 or RS256, whose key is published at
/// <c>/.well-known/jwks.json</c>. What it claims:
/// <list type="table">
/// <item><term>iss</term><description>The agent: <c>A2A:Webhooks:Issuer</c>, or the public address of the task's agent; left out where
/// neither is set.</description></item>
/// <item><term>aud</term><description>The webhook's address as it was configured, letter for letter.</description></item>
/// <item><term>iat, exp</term><description>When it was signed, and 5 minutes later, when it is void.</description></item>
/// <item><term>jti</term><description>An id that no other token has: each try of a delivery has a token of its own.</description></item>
/// <item><term>taskId</term><description>The task that the delivery is about.</description></item>
/// <item><term>eventNumber</term><description>The number of the event, which the Idempotency-Key repeats: the header is not
/// signed.</description></item>
/// <item><term>bodyHash</term><description>The SHA-256 of the body's bytes, base64url without padding: a token is good for one body
/// only.</description></item>
/// </list>
/// </summary>
internal sealed class JwtWebhookSigner : IWebhookSigner
{
    private static readonly TimeSpan Validity = TimeSpan.FromMinutes(5);

    private readonly SigningKey _key;
    private readonly string _header;
    private readonly string? _issuer;
    private readonly HostedAgents _agents;
    private readonly TimeProvider _time;
    private readonly IdSource _newId;

    public JwtWebhookSigner(
        SigningKeys keys, IOptions<WebhookOptions> options, HostedAgents agents, TimeProvider time, IdSource newId)
    {
        _key = keys.Current ?? throw new InvalidOperationException("There is no key to sign with: A2A:Security:SigningKeys is empty.");
        _header = Jws.Header(_key, "JWT");
        _issuer = options.Value.Issuer;
        (_agents, _time, _newId) = (agents, time, newId);
    }

    public ValueTask<string?> SignAsync(
        Uri audience, string agent, string taskId, long seq, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var claims = WriteClaims(audience.OriginalString, agent, taskId, seq, body).Span;
        return new($"{_header}.{Base64Url.EncodeToString(claims)}.{Jws.Sign(_key, _header, claims)}");
    }

    private ReadOnlyMemory<byte> WriteClaims(
        string audience, string agent, string taskId, long seq, ReadOnlyMemory<byte> body) => ProtocolJson.ObjectBytes(writer =>
    {
        var now = _time.GetUtcNow();
        if ((string.IsNullOrEmpty(_issuer) ? _agents.Find(agent)?.Cards.PublicUrl : _issuer) is { } issuer)
            writer.WriteString("iss", issuer);
        writer.WriteString("aud", audience);
        writer.WriteNumber("iat", now.ToUnixTimeSeconds());
        writer.WriteNumber("exp", (now + Validity).ToUnixTimeSeconds());
        writer.WriteString("jti", _newId());
        writer.WriteString("taskId", taskId);
        writer.WriteNumber("eventNumber", seq);
        writer.WriteString("bodyHash", Base64Url.EncodeToString(SHA256.HashData(body.Span)));
    });
}
