using System.Security.Cryptography;
using System.Text.Json;
using Grpc.Core;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.GoogleCloud.Tests.Packages;

/// <summary>
/// What a call bears outside of emulators. It does so with TLS only, for which there is no certificate here: so this is of the
/// stand-ins' code itself.
/// </summary>
public sealed class CredentialTests : IDisposable
{
    private const string Variable = "GOOGLE_APPLICATION_CREDENTIALS";

    private readonly string file = Path.GetTempFileName();

    public void Dispose() => File.Delete(file);

    [SkippableFact]
    public async Task ACallBearsATokenOfApplicationDefaultCredentials()
    {
        var authorize = typeof(RpcException).Assembly.GetType("Google.Api.Gax.Grpc.Transport.DefaultCredential")?.GetMethod("AuthorizeAsync");
        Skip.If(authorize is null, "The packages are Google's own here.");
        await using var server = await AnsweringServer.StartAsync(200, """{"access_token": "fake", "expires_in": 3600, "token_type": "Bearer"}""");
        using var key = RSA.Create(2048);
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(new
        {
            type = "service_account",
            project_id = "p",
            quota_project_id = "q",
            private_key_id = "k",
            private_key = key.ExportPkcs8PrivateKeyPem(),
            client_email = "agent@p.iam.gserviceaccount.com",
            token_uri = $"http://{server.Host}/token",
        }));
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://service.example");

        var before = Environment.GetEnvironmentVariable(Variable);
        Environment.SetEnvironmentVariable(Variable, file);
        try
        {
            await ((Task)authorize.Invoke(null, [request, CancellationToken.None])!).WithinLimit("the token");
        }
        finally
        {
            Environment.SetEnvironmentVariable(Variable, before);
        }

        Assert.Equal("Bearer fake", $"{request.Headers.Authorization}");
        Assert.Equal("q", Assert.Single(request.Headers.GetValues("x-goog-user-project")));
        Assert.Equal("/token", Assert.Single(server.Requests).Path);
    }
}
