namespace ServerlessA2A.Client.Credentials;

/// <summary>Google Cloud's metadata server, which issues the tokens of the service account that a program runs as.</summary>
internal static class MetadataServer
{
    private const string Host = "metadata.google.internal";

    private static readonly Uri Account = new($"http://{Host}/computeMetadata/v1/instance/service-accounts/default/");

    /// <summary>Marks the requests made here. A header cannot: a card chooses the header of an API key.</summary>
    private static readonly HttpRequestOptionsKey<bool> Mark = new("ServerlessA2A.MetadataServer");

    /// <summary>Whether the address is that of the metadata server.</summary>
    public static bool IsAt(Uri address) => address.Host == Host;

    /// <summary>Whether a request to the metadata server was made here, and not because of a card.</summary>
    public static bool Made(HttpRequestMessage request) =>
        IsAt(request.RequestUri!) && request.Options.TryGetValue(Mark, out var isMarked) && isMarked;

    /// <summary>Asks for a token.</summary>
    public static async Task<HttpResponseMessage> GetAsync(string path, CredentialContext context, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Account, path));
        request.Headers.Add("Metadata-Flavor", "Google");
        request.Options.Set(Mark, true);
        return await context.Http().SendAsync(request, cancellationToken);
    }
}

/// <summary>An ID token, whose audience is the agent.</summary>
internal sealed class GoogleIdTokenCredential(string? audience) : TokenCredential
{
    protected override string PurposeOf(Uri address, IReadOnlyList<string> scopes) => audience ?? address.GetLeftPart(UriPartial.Authority);

    protected override async Task<(string Token, TimeSpan? Lifetime)> RequestAsync(
        string purpose, CredentialContext context, CancellationToken cancellationToken)
    {
        var path = $"identity?audience={Uri.EscapeDataString(purpose)}";
        using var response = await MetadataServer.GetAsync(path, context, cancellationToken);
        var token = (await response.Content.ReadAsStringAsync(cancellationToken)).Trim();
        return response.IsSuccessStatusCode ? (token, null) : throw Rejected(response, response.RequestMessage!.RequestUri!);
    }
}

/// <summary>An access token.</summary>
internal sealed class GoogleAccessTokenCredential : TokenCredential
{
    protected override string PurposeOf(Uri address, IReadOnlyList<string> scopes) => "";

    protected override async Task<(string Token, TimeSpan? Lifetime)> RequestAsync(
        string purpose, CredentialContext context, CancellationToken cancellationToken)
    {
        using var response = await MetadataServer.GetAsync("token", context, cancellationToken);
        return await ReadTokenAsync(response, response.RequestMessage!.RequestUri!, cancellationToken);
    }
}
