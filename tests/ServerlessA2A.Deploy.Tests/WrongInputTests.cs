using System.Text.Json.Nodes;
using ServerlessA2A.Deploy.Tests.Google;
using ServerlessA2A.Deploy.Tests.Support;

namespace ServerlessA2A.Deploy.Tests;

/// <summary>Every wrong input ends with one line and a status, before anything was changed.</summary>
public sealed class WrongInputTests
{
    [SkippableTheory]
    [InlineData("PROJECT is not set", "up")]
    [InlineData("project no-such-project cannot be read", "up", "--project", "no-such-project")]
    [InlineData("REGION is 'mars'", "up", "--project", "my-project", "--region", "mars")]
    [InlineData("REGION is 'mars-west1', which is not a region of Cloud Run: set one of europe-west4 us-central1.", "up", "--project",
        "my-project", "--region", "mars-west1")]
    [InlineData("unknown function 'Fly'", "up", "--project", "my-project", "--only", "Fly")]
    [InlineData("unknown function 'Fly'", "logs", "Fly", "--project", "my-project")]
    [InlineData("unknown command 'fly'", "fly")]
    [InlineData("unknown option --fly", "up", "--fly")]
    [InlineData("--project needs a value", "up", "--project")]
    [InlineData("unknown setting FLY", "up", "--set", "FLY=1")]
    [InlineData("'Shop__Base Url' is not a valid name of a variable", "up", "--set", "Shop__Base Url=1")]
    [InlineData("there is no file no.env", "up", "--config", "no.env")]
    [InlineData("--unauthenticated makes Cloud Run accept every request", "up", "--project", "my-project", "--unauthenticated")]
    [InlineData("--unauthenticated and the identity iam exclude each other", "up", "--project", "my-project", "--unauthenticated",
        "--identity", "iam")]
    [InlineData("--unauthenticated and the identity iam exclude each other", "up", "--project", "my-project", "--unauthenticated",
        "--identity", "oidc", "--set", "A2A__Security__Identity__1=iam")]
    [InlineData("--unauthenticated and the identity iam exclude each other", "up", "--project", "my-project", "--unauthenticated",
        "--identity", "oidc", "--set", "A2A__security__identity__1=IAM")]
    [InlineData("the identity is 'iris'", "up", "--project", "my-project", "--set", "A2A__Security__Identity__1=iris")]
    [InlineData("the identity is 'iris'", "up", "--project", "my-project", "--identity", "iris")]
    [InlineData("is a secret and must come from Secret Manager", "up", "--project", "my-project", "--set",
        "A2A__Security__SigningKeys__0=abc")]
    [InlineData("CONCURRENCY is 'many'", "up", "--project", "my-project", "--set", "CONCURRENCY=many")]
    [InlineData("CONCURRENCY is 0", "up", "--project", "my-project", "--set", "CONCURRENCY=0")]
    [InlineData("MEMORY is 'banana'", "up", "--project", "my-project", "--set", "MEMORY=banana")]
    [InlineData("with CPU=4 Cloud Run allows 2048Mi to 16384Mi", "up", "--project", "my-project", "--set", "CPU=4")]
    [InlineData("CPU is '0'", "up", "--project", "my-project", "--set", "CPU=0")]
    [InlineData("MIN_INSTANCES is 5 and MAX_INSTANCES is 2: MIN_INSTANCES must not exceed", "up", "--project", "my-project", "--set",
        "MIN_INSTANCES=5", "--set", "MAX_INSTANCES=2")]
    [InlineData("INVOKERS has the member 'me@example.com'", "up", "--project", "my-project", "--invokers", "me@example.com")]
    [InlineData("INVOKERS has the member 'user:me'", "up", "--project", "my-project", "--invokers", "group:us@example.com,user:me")]
    [InlineData("INVOKERS has the member 'allUsers'", "up", "--project", "my-project", "--invokers", "allUsers")]
    [InlineData("DATABASE is 'My_Data'", "up", "--project", "my-project", "--set", "DATABASE=My_Data")]
    [InlineData("PROJECT is 'My Project'", "up", "--project", "My Project")]
    [InlineData("unexpected argument 'staging'", "up", "staging", "--project", "my-project")]
    [InlineData("unexpected argument 'more'", "logs", "MessageFunction", "more", "--project", "my-project")]
    [InlineData("--yes takes no value", "down", "--yes=true", "--project", "my-project")]
    [InlineData("--project needs a value", "up", "--project=")]
    [InlineData("SCHEDULER_REGION", "up", "--project", "my-project", "--set", "SCHEDULER_REGION=mars")]
    [InlineData("ALERT_CHANNELS has 'me@example.com'", "up", "--project", "my-project", "--set", "ALERT_CHANNELS=me@example.com")]
    [InlineData("--keep-settings works with up only", "down", "--keep-settings", "--project", "my-project")]
    [InlineData("deploy.mars.env", "up", "--env", "mars")]
    [InlineData("--env is '../mars'", "up", "--env", "../mars")]
    [InlineData("--env and --config exclude each other", "up", "--env", "mars", "--config", "no.env")]
    [InlineData("--unauthenticated and the identity iam exclude each other", "up", "--project", "my-project", "--unauthenticated", "--set",
        "A2A:SECURITY:identity:00=IAM")]
    [InlineData("A2A__Security__Identity__0 is already set in --", "up", "--project", "my-project", "--unauthenticated", "--identity",
        "oidc", "--set", "A2A__security__identity__0=oidc")]
    [InlineData("A2A__Security__Identity__0 is already set in --", "up", "--project", "my-project", "--identity", "oidc", "--set",
        "A2A__Security__Identity__00=api-key")]
    [InlineData("PROJECT is already set in --project", "up", "--project", "my-project", "--project=mine")]
    [InlineData("Did you mean A2A__Security__Identity__0?", "up", "--project", "my-project", "--set", "A2A__Security__Identity__first=iam")]
    [InlineData("unknown setting a2a__gemini__modle. Did you mean A2A__Gemini__Model?", "up", "--project", "my-project", "--set",
        "a2a__gemini__modle=x")]
    [InlineData("unknown setting A2A_Gemini_Model. Did you mean A2A__Gemini__Model?", "up", "--project", "my-project", "--set",
        "A2A_Gemini_Model=x")]
    [InlineData("is a secret and must come from Secret Manager", "up", "--project", "my-project", "--set",
        "a2a:security:signingkeys:0=abc")]
    [InlineData("is a secret and must come from Secret Manager", "up", "--project", "my-project", "--set",
        "A2A__Security__TokenExchange__ClientSecret=abc")]
    [InlineData("is a secret and must come from Secret Manager", "up", "--project", "my-project", "--set",
        "A2A:PostgreSql:Password=abc")]
    [InlineData("A2A__PostgreSql__ConnectionString has a password", "up", "--project", "my-project", "--set",
        "A2A__PostgreSql__ConnectionString=Host=10.0.0.5; Password = abc")]
    [InlineData("A2A__PostgreSql__ConnectionString has a password", "up", "--project", "my-project", "--set",
        "A2A__PostgreSql__ConnectionString=PWD=abc;Host=10.0.0.5")]
    [InlineData("A2A__PostgreSql__ConnectionString has a password", "up", "--project", "my-project", "--set",
        "A2A__PostgreSql__ConnectionString=Host=10.0.0.5;\n\tSSL Password\t=abc")]
    [InlineData("there is no file no.txt", "up", "--project", "my-project", "--set", "A2A__Gemini__Instructions=@no.txt")]
    [InlineData("contains a control character", "up", "--project", "my-project", "--set", "A2A__Gemini__Instructions=a\u0007b")]
    [InlineData("INVOKERS must be one line", "up", "--project", "my-project", "--invokers", "user:a@example.com\nuser:b@example.com")]
    [InlineData("SECRETS has 'key'", "up", "--project", "my-project", "--set", "SECRETS=key")]
    [InlineData("SECRETS has 'KEY=a:first'", "up", "--project", "my-project", "--set", "SECRETS=KEY=a:first")]
    [InlineData("which controls access and cannot be a secret", "up", "--project", "my-project", "--set",
        "SECRETS=A2A__security__identity__0=a")]
    [InlineData("is both set and in SECRETS", "up", "--project", "my-project", "--model", "gemini-3.5-flash", "--set",
        "SECRETS=a2a__gemini__model=a")]
    [InlineData("SECRETS has KEY twice", "up", "--project", "my-project", "--set", "SECRETS=KEY=a KEY=b")]
    [InlineData("SECRETS has two files in /secrets", "up", "--project", "my-project", "--set", "SECRETS=/secrets/a=a /secrets/b=b")]
    [InlineData("cannot be mounted there", "up", "--project", "my-project", "--set", "SECRETS=/app/key=a")]
    [InlineData("unknown function 'Fly'", "up", "--project", "my-project", "--set", "SECRETS=KEY=a@Fly")]
    [InlineData("use the path of a file in a folder of its own", "up", "--project", "my-project", "--set", "SECRETS=/key=a")]
    [InlineData("APP is 'projects/p/engines/a'", "list", "--project", "my-project", "--app", "projects/p/engines/a")]
    [InlineData("exclude each other", "authorization", "create", "--project", "my-project", "--authorization", "a", "--client-id", "c",
        "--scopes", "openid", "--authorization-uri", "https://example.com/?a=b")]
    [InlineData("must begin with https://", "authorization", "create", "--project", "my-project", "--authorization", "a", "--client-id",
        "c", "--authorization-uri", "http://example.com")]
    [InlineData("AUTHORIZATION is ''", "authorization", "create", "--project", "my-project", "--client-id", "c")]
    [InlineData("APP is not set", "register", "--project", "my-project")]
    [InlineData("APP_LOCATION is 'mars'", "list", "--project", "my-project", "--app", "my-app", "--app-location", "mars")]
    public async Task AWrongInputIsNamed(string fault, params string[] arguments)
    {
        GoogleCloudSdk.Require();
        await using var google = await FakeGoogle.StartAsync();
        google.Apis.Add("run.googleapis.com");
        await AssertRefusedAsync(google, fault, arguments);
    }

    [SkippableFact]
    public async Task AProjectWithoutBillingIsNamed()
    {
        GoogleCloudSdk.Require();
        await using var google = await FakeGoogle.StartAsync();
        google.HasBilling = false;
        await AssertRefusedAsync(google, "project my-project has no billing account", "up", "--project", "my-project");
    }

    [SkippableFact]
    public async Task ASecretOfSomebodyElseThatIsNotThereIsNamed()
    {
        GoogleCloudSdk.Require();
        await using var google = await FakeGoogle.StartAsync();
        google.Apis.Add("secretmanager.googleapis.com");
        await AssertRefusedAsync(
            google, "SECRETS names weather, but my-project has no such secret", "up", "--project", "my-project", "--project-file",
            OwnProject.Shared, "--set", "SECRETS=KEY=weather");
    }

    [SkippableTheory]
    [InlineData("SECRETS names weather, which has no version 3", "KEY=weather:3")]
    [InlineData("SECRETS names weather, whose version 2 is disabled", "KEY=weather:2")]
    [InlineData("SECRETS names weather, whose version 2 is disabled", "KEY=weather")]
    [InlineData("SECRETS names weather, whose version 10 is destroyed", "/secrets/a/key=weather:1 /secrets/b/key=weather:10", 10)]
    public async Task AVersionOfASecretThatCannotBeReadIsNamed(string fault, string secrets, int destroyed = 0)
    {
        GoogleCloudSdk.Require();
        await using var google = await FakeGoogle.StartAsync();
        google.Apis.Add("secretmanager.googleapis.com");
        AddVersions(google, "weather", ["ENABLED", "DISABLED"]);
        if (destroyed > 0)
            google.Resources.Add($"projects/my-project/secrets/weather/versions/{destroyed}", new JsonObject { ["state"] = "DESTROYED" });
        await AssertRefusedAsync(
            google, fault, "up", "--project", "my-project", "--project-file", OwnProject.Shared, "--set", "SECRETS=" + secrets);
    }

    /// <summary>A new one would make what the old one has encrypted unreadable.</summary>
    [SkippableTheory]
    [InlineData(1, "DISABLED")]
    [InlineData(2, "ENABLED", "DISABLED")]
    public async Task AKeyWhoseLatestVersionIsDisabledIsNamed(int version, params string[] states)
    {
        GoogleCloudSdk.Require();
        await using var google = await FakeGoogle.StartAsync();
        foreach (var api in new[] { "run", "cloudbuild", "artifactregistry", "pubsub", "firestore", "secretmanager", "cloudscheduler",
            "iam", "cloudresourcemanager", "logging", "cloudfunctions", "eventarc" })
            google.Apis.Add(api + ".googleapis.com");
        AddVersions(google, "a2a-encryption-key", states);
        await AssertRefusedAsync(
            google, $"the functions read a2a-encryption-key, whose version {version} is disabled", "up", "--project", "my-project",
            "--project-file", OwnProject.Shared, "--set", "ALERTS=false");
    }

    private static void AddVersions(FakeGoogle google, string secret, string[] states)
    {
        google.Resources.Add($"projects/my-project/secrets/{secret}", []);
        foreach (var (state, index) in states.Select((state, index) => (state, index)))
            google.Resources.Add($"projects/my-project/secrets/{secret}/versions/{index + 1}", new JsonObject { ["state"] = state });
    }

    /// <summary>The program would believe any token.</summary>
    [SkippableFact]
    public async Task AServiceWhoseCallersCloudRunDoesNotCheckIsNamed()
    {
        GoogleCloudSdk.Require();
        await using var google = await FakeGoogle.StartAsync();
        google.Apis.Add("run.googleapis.com");
        google.Resources.Add("projects/my-project/locations/europe-west4/services/messagefunction", new JsonObject
        {
            ["knative"] = new JsonObject
            {
                ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["run.googleapis.com/invoker-iam-disabled"] = "true" } },
                ["spec"] = new JsonObject
                {
                    ["template"] = new JsonObject
                    {
                        ["spec"] = new JsonObject
                        {
                            ["containers"] = new JsonArray(
                new JsonObject())
                        }
                    }
                },
            },
        });
        await AssertRefusedAsync(
            google, "Cloud Run does not check the callers of messagefunction", "up", "--project", "my-project", "--project-file",
            OwnProject.Shared);
    }

    [SkippableFact]
    public async Task MissingPermissionsAreNamed()
    {
        GoogleCloudSdk.Require();
        await using var google = await FakeGoogle.StartAsync();
        google.Denied.UnionWith(["iam.serviceAccounts.create", "run.services.setIamPolicy"]);
        await AssertRefusedAsync(
            google, "missing permissions on my-project: iam.serviceAccounts.create run.services.setIamPolicy.", "up", "--project",
            "my-project");
    }

    [SkippableTheory]
    [InlineData("line 3: expected NAME=VALUE.", "# mine\nPROJECT=my-project\nwhat is this\n")]
    [InlineData("line 2: the value of A2A__Agent__Name begins with \" but has no closing \"",
        "PROJECT=my-project\nA2A__Agent__Name=\"one\ntwo\n")]
    [InlineData("line 3: this line of the value of A2A__Agent__Name, which begins in line 2, looks like a setting",
        "PROJECT=my-project\nA2A__Agent__Name=\"Travel agent\nMEMORY=\"1Gi\"\n")]
    [InlineData("line 2: the closing quote of A2A__Agent__Name is followed by 's'", "PROJECT=my-project\nA2A__Agent__Name='It's'\n")]
    [InlineData("line 2: the closing quote of A2A__Agent__Name is followed by '# mine'",
        "PROJECT=my-project\nA2A__Agent__Name=\"Travel agent\"# mine\n")]
    [InlineData("line 3: A2A__Gemini__Model is already set in ", "PROJECT=my-project\nA2A__Gemini__Model=a\na2a__gemini__model=b\n")]
    [InlineData("line 2: unknown setting A2A__Gemini__Models", "PROJECT=my-project\nA2A__Gemini__Models=a\n")]
    [InlineData("--unauthenticated and the identity iam exclude each other",
        "PROJECT=my-project\nUNAUTHENTICATED=true\nA2A__Security__Identity__1=oidc\nA2A__SECURITY__IDENTITY__2=Iam\n")]
    public async Task AFaultOfTheFileIsNamedWithItsLine(string fault, string content)
    {
        GoogleCloudSdk.Require();
        await using var google = await FakeGoogle.StartAsync();
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, content);
        try
        {
            await AssertRefusedAsync(google, fault, "up", "--config", file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task AssertRefusedAsync(FakeGoogle google, string fault, params string[] arguments)
    {
        var run = await Script.RunAsync(google, arguments);
        Assert.True(run.ExitCode == 1, $"{run}");
        Assert.Contains(fault, Assert.Single(run.Errors.Trim().Split('\n')), StringComparison.Ordinal);
        Assert.Empty(run.Writes);
    }
}
