namespace ServerlessA2A.Client.Credentials;

/// <summary>What credentials need to get tokens.</summary>
internal sealed record CredentialContext(Func<HttpClient> Http, TimeProvider Time);
