using System.ComponentModel;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Chat.Tools;
using ServerlessA2A.Protocol.Messages;

namespace OAuthTool;

/// <summary>A calendar that its user must open to the agent: OAuth 2.0, authorization code with PKCE.</summary>
public static class Calendar
{
    private static readonly HttpClient Http = new();

    [Description("Reads the next event in the user's calendar.")]
    public static async Task<string> ReadAsync(ToolContext tool, IServiceProvider services, CancellationToken cancellationToken)
    {
        var provider = services.GetRequiredService<IConfiguration>().GetSection("OAuth");
        if (tool.Callback is not { } callback)
            throw SignIn(tool, provider); // The task becomes AUTH_REQUIRED. The callback calls ReadAsync again.
        if (callback["code"] is not { } code)
            return $"The user does not agree ({callback["error"]}).";

        var fields = new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["client_id"] = provider["ClientId"]!,
            ["code"] = code,
            ["redirect_uri"] = callback.RedirectUri.AbsoluteUri,
            ["code_verifier"] = callback.CodeVerifier,
        };
        if (provider["ClientSecret"] is { Length: > 0 } secret)
            fields["client_secret"] = secret;
        using var form = new FormUrlEncodedContent(fields);
        using var granted = await Http.PostAsync(new Uri(provider["TokenUrl"]!), form, cancellationToken);
        if (granted.StatusCode == HttpStatusCode.BadRequest &&
            (await granted.Content.ReadAsStringAsync(cancellationToken)).Contains("\"invalid_grant\"", StringComparison.Ordinal))
            throw SignIn(tool, provider); // A code works once: after a crash here, the user signs in again.
        granted.EnsureSuccessStatusCode(); // Anything else is not the user's to mend.
        var token = await granted.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);

        using var request = new HttpRequestMessage(HttpMethod.Get, provider["CalendarUrl"]);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.GetProperty("access_token").GetString());
        using var answer = await Http.SendAsync(request, cancellationToken);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadAsStringAsync(cancellationToken);
    }

    private static ToolInterruptionException SignIn(ToolContext tool, IConfiguration provider)
    {
        var callback = tool.CreateCallback();
        var link = QueryHelpers.AddQueryString(provider["AuthorizationUrl"]!, new Dictionary<string, string?>
        {
            ["response_type"] = "code",
            ["client_id"] = provider["ClientId"],
            ["scope"] = provider["Scope"] ?? "calendar.read",
            ["redirect_uri"] = callback.RedirectUri.AbsoluteUri,
            ["state"] = callback.State,
            ["code_challenge"] = callback.CodeChallenge,
            ["code_challenge_method"] = "S256",
        });
        return tool.RequireAuthorization(
            $"Open the calendar to the agent: {link}",
            Part.FromData(new { AuthorizationUrl = link, callback.ExpiresAt }));
    }
}
