using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Logging;

namespace ServerlessA2A.Functions.Tests.Samples;

/// <summary>
/// An OAuth provider (authorization code with PKCE, RFC 6749 and 7636) and a calendar that it protects. Its users agree at once, unless
/// they refuse. It sends browsers to redirect URIs that are registered, and compares these exactly.
/// </summary>
internal sealed class FakeProvider : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, (string Challenge, string RedirectUri)> _codes = new();
    private readonly ConcurrentDictionary<string, bool> _tokens = new();

    private FakeProvider(WebApplication app) => _app = app;

    /// <summary>The redirect URI that is registered.</summary>
    public string? RedirectUri { get; set; }

    /// <summary>Whether the user refuses.</summary>
    public bool UserRefuses { get; set; }

    /// <summary>Where <c>/callback</c> of this server is: a domain in front of the functions.</summary>
    public HttpClient? Front { get; set; }

    /// <summary>How many codes were exchanged for tokens.</summary>
    public int Tokens => _tokens.Count;

    public string Address => _app.Urls.Single();

    /// <summary>The settings of the sample.</summary>
    public (string Name, string Value)[] Settings =>
    [
        ("OAuth__ClientId", "agent"), ("OAuth__AuthorizationUrl", $"{Address}/authorize"), ("OAuth__TokenUrl", $"{Address}/token"),
        ("OAuth__CalendarUrl", $"{Address}/calendar"),
    ];

    public static async Task<FakeProvider> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var provider = new FakeProvider(app);
        app.MapGet("/authorize", provider.Authorize);
        app.MapPost("/token", provider.ExchangeAsync);
        app.MapGet("/calendar", provider.Read);
        app.MapGet("/callback", provider.ForwardAsync);
        await app.StartAsync();
        return provider;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private IResult Authorize(HttpRequest request)
    {
        var query = request.Query;
        if (query["response_type"] != "code" || query["client_id"] != "agent" || query["redirect_uri"] != RedirectUri ||
            query["code_challenge_method"] != "S256")
            return Results.BadRequest($"{query["redirect_uri"]} is not registered, or the request is not valid.");
        var answer = new QueryBuilder { { "state", query["state"].ToString() } };
        if (UserRefuses)
        {
            answer.Add("error", "access_denied");
        }
        else
        {
            var code = $"{Guid.NewGuid():N}";
            _codes[code] = (query["code_challenge"].ToString(), RedirectUri!);
            answer.Add("code", code);
        }

        return Results.Redirect($"{RedirectUri}{answer}");
    }

    private async Task<IResult> ExchangeAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync();
        if (!_codes.TryRemove(form["code"].ToString(), out var granted) || form["redirect_uri"] != granted.RedirectUri ||
            Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString()))) != granted.Challenge)
            return Results.BadRequest(new { error = "invalid_grant" });
        var token = $"{Guid.NewGuid():N}";
        _tokens[token] = true;
        return Results.Ok(new { access_token = token, token_type = "Bearer" });
    }

    private IResult Read(HttpRequest request) =>
        request.Headers.Authorization.ToString() is var header && header.StartsWith("Bearer ", StringComparison.Ordinal) &&
        _tokens.ContainsKey(header["Bearer ".Length..])
            ? Results.Text("10:00 dentist")
            : Results.Unauthorized();

    private async Task<IResult> ForwardAsync(HttpRequest request)
    {
        using var response = await Front!.GetAsync(new Uri($"/callback{request.QueryString}", UriKind.Relative));
        return Results.Content(await response.Content.ReadAsStringAsync(), "text/html", statusCode: (int)response.StatusCode);
    }
}
