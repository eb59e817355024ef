using ServerlessA2A.Deploy.Tests.Google;
using ServerlessA2A.Deploy.Tests.Support;

namespace ServerlessA2A.Deploy.Tests;

/// <summary>
/// The life of a deployment, once for all tests of it: <c>up</c> on an empty project, broken off twice, to its end, again, with other
/// settings but dry, and <c>down</c>.
/// </summary>
public sealed class DeploymentFixture : IAsyncLifetime
{
    private static readonly string[] ReadServices =
    [
        "cloudresourcemanager", "serviceusage", "cloudbilling", "run", "cloudscheduler", "cloudfunctions", "secretmanager", "firestore",
        "pubsub", "iam", "eventarc",
        "monitoring",
    ];

    internal const string OthersAccount = "a2a-app@my-project.iam.gserviceaccount.com";

    internal const string OthersRepository = "projects/my-project/locations/europe-west4/repositories/a2a";

    internal ScriptRun BrokenOff { get; private set; } = null!;

    internal ScriptRun BrokenOffAgain { get; private set; } = null!;

    internal ScriptRun Up { get; private set; } = null!;

    internal ScriptRun UpAgain { get; private set; } = null!;

    /// <summary>The services that were busy for <see cref="UpAgain"/> and were not asked.</summary>
    internal IReadOnlyList<string> FailuresLeft { get; private set; } = null!;

    internal ScriptRun DryRun { get; private set; } = null!;

    internal ScriptRun Down { get; private set; } = null!;

    /// <summary>What was there after <c>up</c>.</summary>
    internal Resources Deployed { get; private set; } = null!;

    internal IReadOnlyDictionary<string, IReadOnlyList<string>> Grants { get; private set; } = null!;

    /// <summary>What was there after <c>down</c>.</summary>
    internal Resources Left { get; private set; } = null!;

    internal IReadOnlyDictionary<string, IReadOnlyList<string>> GrantsLeft { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (!GoogleCloudSdk.IsThere)
            return;
        await using var google = await FakeGoogle.StartAsync();
        await google.StartAgentAsync();
        string[] up = ["up", "--project", google.Project, "--model", "gemini-3.5-flash", "--set", "A2A__Agent__Name=It's \"ours\": a, b"];

        // The secret is there then, and has no version.
        google.FailWrite(13);
        BrokenOff = await Script.RunAsync(google, up);
        // Firestore is busy at first. Some of the functions are there then.
        google.Failures.Add(
            ("firestore", "PATCH", new GoogleErrorException(409, "ABORTED", "Aborted due to cross-transaction contention.")));
        google.Failures.Add(("firestore", "PATCH", new GoogleErrorException(409, "ABORTED", "Please retry, underlying data changed.")));
        google.Failures.Add(
            ("firestore", "PATCH", new GoogleErrorException(429, "RESOURCE_EXHAUSTED", "Quota exceeded for quota metric.")));
        google.Failures.Add(("firestore", "PATCH", new GoogleErrorException(503, "UNAVAILABLE", "The service is currently unavailable.")));
        google.FailWrite(60);
        BrokenOffAgain = await Script.RunAsync(google, up);
        Up = await Script.RunAsync(google, up);
        (Deployed, Grants) = (google.Resources.Copy(), google.Policies.Copy());
        // Every API is busy once while it is read. gcloud repeats a 503 by itself.
        foreach (var service in ReadServices)
            google.Failures.Add((service, "GET", new GoogleErrorException(409, "ABORTED", "Please retry.")));
        google.Failures.Add(
            ("cloudresourcemanager", "POST", new GoogleErrorException(503, "UNAVAILABLE", "The service is currently unavailable.")));
        UpAgain = await Script.RunAsync(google, up);
        FailuresLeft = [.. google.Failures.Select(failure => failure.Service)];
        google.Failures.Clear();
        DryRun = await Script.RunAsync(google, [.. up, "--public-card", "--dry-run", "--only", "AgentCardFunction"]);
        // What somebody else has in the project, with names like the agent's.
        google.Resources.Add($"projects/{google.Project}/serviceAccounts/{OthersAccount}", []);
        google.Policies.Grant($"projects/{google.Project}", "roles/datastore.user", "serviceAccount:" + OthersAccount);
        google.Resources.Add(OthersRepository, new() { ["format"] = "DOCKER" });
        Down = await Script.RunAsync(google, "down", "--project", google.Project, "--yes");
        (Left, GrantsLeft) = (google.Resources.Copy(), google.Policies.Copy());
    }

    public Task DisposeAsync() => Task.CompletedTask;
}
