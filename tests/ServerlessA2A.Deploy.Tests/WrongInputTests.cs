using ServerlessA2A.Deploy.Tests.Google;
using ServerlessA2A.Deploy.Tests.Support;

namespace ServerlessA2A.Deploy.Tests;

/// <summary>Every wrong input ends with one line and a status, before anything was changed.</summary>
public sealed class WrongInputTests
{
    [SkippableTheory]
    [InlineData("no project", "up")]
    [InlineData("project no-such-project can't be read", "up", "--project", "no-such-project")]
    [InlineData("the region is 'mars'", "up", "--project", "my-project", "--region", "mars")]
    [InlineData("there is no region 'mars-west1': choose one of europe-west4 us-central1.", "up", "--project", "my-project", "--region", "mars-west1")]
    [InlineData("there is no function 'Fly'", "up", "--project", "my-project", "--only", "Fly")]
    [InlineData("there is no function 'Fly'", "logs", "Fly", "--project", "my-project")]
    [InlineData("there is no command 'fly'", "fly")]
    [InlineData("there is no option --fly", "up", "--fly")]
    [InlineData("--project needs a value", "up", "--project")]
    [InlineData("there is no setting FLY", "up", "--set", "FLY=1")]
    [InlineData("there is no file no.env", "up", "--config", "no.env")]
    [InlineData("--unauthenticated lets everybody through to the agent", "up", "--project", "my-project", "--unauthenticated")]
    [InlineData("the identity iam believes whatever token comes", "up", "--project", "my-project", "--unauthenticated", "--identity", "iam")]
    [InlineData("the identity iam believes whatever token comes", "up", "--project", "my-project", "--unauthenticated", "--identity", "oidc", "--set", "A2A__Security__Identity__1=iam")]
    [InlineData("the identity iam believes whatever token comes", "up", "--project", "my-project", "--unauthenticated", "--identity", "oidc", "--set", "A2A__security__identity__1=IAM")]
    [InlineData("the identity is 'iris'", "up", "--project", "my-project", "--set", "A2A__Security__Identity__1=iris")]
    [InlineData("the identity is 'iris'", "up", "--project", "my-project", "--identity", "iris")]
    [InlineData("is a secret and comes from Secret Manager", "up", "--project", "my-project", "--set", "A2A__Security__SigningKeys__0=abc")]
    [InlineData("CONCURRENCY is 'many'", "up", "--project", "my-project", "--set", "CONCURRENCY=many")]
    [InlineData("which app of Gemini Enterprise?", "register", "--project", "my-project")]
    [InlineData("the location of the app is 'mars'", "list", "--project", "my-project", "--app", "my-app", "--app-location", "mars")]
    public async Task A_wrong_input_is_named(string fault, params string[] arguments)
    {
        GoogleCloudSdk.Require();
        await using var google = await FakeGoogle.StartAsync();
        google.Apis.Add("run.googleapis.com");
        await AssertRefusedAsync(google, fault, arguments);
    }

    [SkippableFact]
    public async Task A_project_without_billing_is_named()
    {
        GoogleCloudSdk.Require();
        await using var google = await FakeGoogle.StartAsync();
        google.HasBilling = false;
        await AssertRefusedAsync(google, "project my-project has no billing account", "up", "--project", "my-project");
    }

    [SkippableFact]
    public async Task Missing_permissions_are_named()
    {
        GoogleCloudSdk.Require();
        await using var google = await FakeGoogle.StartAsync();
        google.Denied.UnionWith(["iam.serviceAccounts.create", "run.services.setIamPolicy"]);
        await AssertRefusedAsync(
            google, "these permissions are missing on my-project: iam.serviceAccounts.create run.services.setIamPolicy.", "up", "--project", "my-project");
    }

    [SkippableFact]
    public async Task A_line_of_the_file_that_is_none_is_named_with_its_number()
    {
        GoogleCloudSdk.Require();
        await using var google = await FakeGoogle.StartAsync();
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "# mine\nPROJECT=my-project\nwhat is this\n");
        try
        {
            await AssertRefusedAsync(google, $"{file}, line 3: write NAME=VALUE.", "up", "--config", file);
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
