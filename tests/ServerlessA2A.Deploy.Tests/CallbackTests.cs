using System.Text.Json.Nodes;
using ServerlessA2A.Deploy.Tests.Google;
using ServerlessA2A.Deploy.Tests.Support;

namespace ServerlessA2A.Deploy.Tests;

/// <summary>CallbackFunction is deployed only where it is wanted, for everyone, and with one key.</summary>
public sealed class CallbackTests
{
    private const string Region = "projects/my-project/locations/europe-west4";
    private const string Address = "https://callbackfunction-4711.europe-west4.run.app/callback";

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task CallbackFunctionComesAndGoesWithItsSetting(bool container)
    {
        GoogleCloudSdk.Require();
        await using var google = await FakeGoogle.StartAsync();
        await google.StartAgentAsync();
        string[] shape = container ? ["--container"] : [];
        string[] arguments = ["up", "--project", "my-project", "--project-file", OwnProject.Shared, .. shape];

        var up = await Script.RunAsync(google, [.. arguments, "--set", "CALLBACKS=true"]);
        Assert.True(up.ExitCode == 0, $"{up}");
        Assert.Equal(["roles/run.invoker allUsers"], google.Policies.On($"{Region}/services/callbackfunction"));
        Assert.DoesNotContain(
            google.Policies.On($"{Region}/services/messagefunction"), grant => grant.Contains("allUsers", StringComparison.Ordinal));
        foreach (var function in new[] { "CallbackFunction", "RunTaskFunction" })
            Assert.Equal((Address, "a2a-encryption-key"), SettingsOf(google, function, container));

        var kept = await Script.RunAsync(google, [.. arguments, "--keep-settings"]);
        Assert.True(kept.ExitCode == 0 && kept.Writes.Count == 0, $"{kept}");

        var without = await Script.RunAsync(google, arguments);
        Assert.True(without.ExitCode == 0, $"{without}");
        Assert.Contains("removing CallbackFunction", without.Errors, StringComparison.Ordinal);
        Assert.Null(google.Resources.Find($"{Region}/{(container ? "services/callbackfunction" : "functions/CallbackFunction")}"));
        Assert.True(SettingsOf(google, "RunTaskFunction", container).Address is null, $"{without}");
    }

    [SkippableFact]
    public async Task OnlyCallbackFunctionNeedsTheSetting()
    {
        GoogleCloudSdk.Require();
        await using var google = await FakeGoogle.StartAsync();

        var only = await Script.RunAsync(google, "up", "--project", "my-project", "--only", "CallbackFunction");

        Assert.Equal(1, only.ExitCode);
        Assert.Contains("--only CallbackFunction needs CALLBACKS=true.", only.Errors, StringComparison.Ordinal);
        Assert.Empty(only.Writes);
    }

    /// <summary>The address of callbacks, the secret of the first encryption key, and no other secret.</summary>
    private static (string? Address, string? Secret) SettingsOf(FakeGoogle google, string function, bool container)
    {
        if (!container)
        {
            var service = google.Resources.Get($"{Region}/functions/{function}")["serviceConfig"]!;
            return ($"{service["environmentVariables"]!["A2A__Agent__CallbackUrl"]}" is { Length: > 0 } address ? address : null,
                (service["secretEnvironmentVariables"] as JsonArray ?? []).Select(each => $"{each!["secret"]}").Single());
        }

        var template = google.Resources.Get($"{Region}/services/{function.ToLowerInvariant()}")["knative"]!["spec"]!["template"]!;
        var environment = template["spec"]!["containers"]![0]!["env"]!.AsArray();
        return (environment.FirstOrDefault(each => $"{each!["name"]}" == "A2A__Agent__CallbackUrl")?["value"]?.ToString(),
            environment.Select(each => each!["valueFrom"]?["secretKeyRef"]?["name"]?.ToString()).OfType<string>().Single());
    }
}
