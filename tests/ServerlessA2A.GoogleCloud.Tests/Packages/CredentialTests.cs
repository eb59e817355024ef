using System.Security.Cryptography;
using Google.Apis.Auth.OAuth2;
using Google.Cloud.AIPlatform.V1;
using Google.Cloud.Firestore;
using Google.Cloud.PubSub.V1;
using ServerlessA2A.GoogleCloud.Credentials;
using ServerlessA2A.GoogleCloud.Tests.Credentials;
using ServerlessA2A.GoogleCloud.Tests.PubSub;

namespace ServerlessA2A.GoogleCloud.Tests.Packages;

/// <summary>What Google's packages do where there are no Application Default Credentials, and what this project does about it.</summary>
[Collection(nameof(WithTheEnvironmentToItself))]
public sealed class CredentialTests : IDisposable
{
    private const string Variable = "GOOGLE_APPLICATION_CREDENTIALS";

    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;
    private readonly string? _before = Environment.GetEnvironmentVariable(Variable);

    public CredentialTests() => Environment.SetEnvironmentVariable(Variable, Path.Combine(_folder, "account.json"));

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(Variable, _before);
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task BuildersLookForCredentialsUnlessTheyAreGivenSome()
    {
        Assert.Throws<InvalidOperationException>(new FirestoreDbBuilder { ProjectId = "p" }.Build);
        Assert.Throws<InvalidOperationException>(new PublisherServiceApiClientBuilder().Build);
        Assert.Throws<InvalidOperationException>(new SubscriberServiceApiClientBuilder().Build);
        Assert.Throws<InvalidOperationException>(new PredictionServiceClientBuilder().Build);
        await Assert.ThrowsAsync<InvalidOperationException>(() => new FirestoreDbBuilder { ProjectId = "p" }.BuildAsync());
        await Assert.ThrowsAsync<InvalidOperationException>(() => new PublisherServiceApiClientBuilder().BuildAsync());
        await Assert.ThrowsAsync<InvalidOperationException>(() => new SubscriberServiceApiClientBuilder().BuildAsync());
        await Assert.ThrowsAsync<InvalidOperationException>(() => new PredictionServiceClientBuilder().BuildAsync());

        var credential = new DefaultCredential(CredentialLookup.FindAsync);
        Assert.NotNull(new FirestoreDbBuilder { ProjectId = "p", Credential = credential }.Build());
        Assert.NotNull(new PublisherServiceApiClientBuilder { Credential = credential }.Build());
        Assert.NotNull(new PredictionServiceClientBuilder { Credential = credential }.Build());
    }

    [Fact]
    public async Task CredentialsAreFoundThatComeAfterAFailedLookup()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(CredentialLookup.FindAsync);
        using var key = RSA.Create(2048);

        await File.WriteAllTextAsync(Environment.GetEnvironmentVariable(Variable)!, TestAccount.Json(key, "http://127.0.0.1:1/token"));

        // Google's own lookup goes on failing.
        await Assert.ThrowsAsync<InvalidOperationException>(GoogleCredential.GetApplicationDefaultAsync);
        Assert.IsType<ServiceAccountCredential>((await CredentialLookup.FindAsync()).UnderlyingCredential);
    }

    [Fact]
    public async Task AFileThatCannotBeReadIsNamed()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(CredentialLookup.FindAsync);
        await File.WriteAllTextAsync(Environment.GetEnvironmentVariable(Variable)!, "no JSON");

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(CredentialLookup.FindAsync);

        Assert.Contains("account.json", failure.Message, StringComparison.Ordinal);
    }
}
