namespace ServerlessA2A.Client.Credentials;

/// <summary>The client credentials grant of OAuth 2.0.</summary>
internal sealed class ClientCredentialsCredential(Uri endpoint, string clientId, string clientSecret, IReadOnlyList<string> scopes)
    : TokenCredential
{
    protected override string PurposeOf(Uri address, IReadOnlyList<string> required) =>
        string.Join(' ', scopes.Count > 0 ? scopes : required);

    protected override async Task<(string Token, TimeSpan? Lifetime)> RequestAsync(
        string purpose, CredentialContext context, CancellationToken cancellationToken)
    {
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = clientId,
            ["client_secret"] = clientSecret,
        };
        if (purpose.Length > 0) form["scope"] = purpose;
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = new FormUrlEncodedContent(form) };
        using var response = await context.Http().SendAsync(request, cancellationToken);
        return await ReadTokenAsync(response, endpoint, cancellationToken);
    }
}
