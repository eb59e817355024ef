using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ServerlessA2A.GoogleCloud.Tests.Webhooks;

/// <summary>
/// In the place of Google's token endpoint: checks the assertion of a service account, and issues ID tokens for the audience that it asks
/// for.
/// </summary>
internal sealed class TokenEndpoint : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly RSA _key;
    private (HttpStatusCode Status, string Answer)? _failure;

    private TokenEndpoint(WebApplication server, RSA key) => (_server, _key) = (server, key);

    /// <summary>The <c>token_uri</c>.</summary>
    public string Address => $"{_server.Urls.Single()}/token";

    /// <summary>The audiences that were asked for.</summary>
    public ConcurrentQueue<string> Audiences { get; } = new();

    /// <summary>The tokens that were issued.</summary>
    public ConcurrentQueue<string> Issued { get; } = new();

    /// <summary>Starts one for the account with this key.</summary>
    public static async Task<TokenEndpoint> StartAsync(RSA key)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var endpoint = new TokenEndpoint(builder.Build(), key);
        endpoint._server.Run(endpoint.AnswerAsync);
        await endpoint._server.StartAsync();
        return endpoint;
    }

    /// <summary>From now on every request is answered like this.</summary>
    public void Fail(HttpStatusCode status, string answer) => _failure = (status, answer);

    /// <summary>From now on tokens are issued again.</summary>
    public void Recover() => _failure = null;

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var (status, answer) = _failure ?? (HttpStatusCode.OK, Issue((await context.Request.ReadFormAsync())["assertion"].ToString()));
        context.Response.StatusCode = (int)status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(answer);
    }

    /// <summary>
    /// https://developers.google.com/identity/protocols/oauth2/service-account, with target_audience in the place of scope.
    /// </summary>
    private string Issue(string assertion)
    {
        var parts = assertion.Split('.');
        var signed = Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}");
        if (!_key.VerifyData(signed, Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))
            throw new InvalidOperationException("The assertion is not the service account's.");
        var claims = JsonSerializer.Deserialize<JsonElement>(Base64Url.DecodeFromChars(parts[1]));
        var audience = claims.GetProperty("target_audience").GetString()!;
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var payload = JsonSerializer.SerializeToUtf8Bytes(
            new { iss = "https://accounts.google.com", aud = audience, iat = now, exp = now + 3600 });
        var token = $"{Base64Url.EncodeToString("{\"alg\":\"RS256\"}"u8)}.{Base64Url.EncodeToString(payload)}.c2ln";
        Audiences.Enqueue(audience);
        Issued.Enqueue(token);
        return JsonSerializer.Serialize(new { id_token = token });
    }
}
