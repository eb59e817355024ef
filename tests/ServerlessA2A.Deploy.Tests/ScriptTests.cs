using ServerlessA2A.Deploy.Tests.Support;
using ServerlessA2A.Functions.Tests.Support;

namespace ServerlessA2A.Deploy.Tests;

public sealed class ScriptTests
{
    [SkippableFact]
    public async Task ShellcheckFindsNothing()
    {
        GoogleCloudSdk.RequireProgram("shellcheck", "shellcheck is missing: it reads deploy.sh (https://www.shellcheck.net).");
        var (exitCode, output, errors) = await Script.RunAsync(Script.Piped("shellcheck", ["-x", "deploy.sh"]));
        Assert.True(exitCode == 0, output + errors);
    }

    [Fact]
    public async Task HelpNamesEverySettingAndOption()
    {
        var (exitCode, help, _) = await Script.RunAsync(Script.Piped("bash", ["deploy.sh", "--help"]));
        Assert.Equal(0, exitCode);
        var settings = (await File.ReadAllLinesAsync(Path.Combine(Repository.Root, "deploy", "settings.sh")))
            .Single(line => line.StartsWith("known_settings=", StringComparison.Ordinal));
        Assert.All(settings.Split('\'')[1].Split(' ', StringSplitOptions.RemoveEmptyEntries), name =>
            Assert.Contains(name, help, StringComparison.Ordinal));
        var script = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "deploy.sh"));
        var options = script[script.IndexOf("while [ $# -gt 0 ]", StringComparison.Ordinal)..].Split(' ', '|', ')', '\n', ',')
            .Where(word => word.StartsWith("--", StringComparison.Ordinal) && word.Length > 2 &&
                word[2..].All(each => char.IsAsciiLetterLower(each) || each == '-')).Distinct();
        Assert.All(options, option => Assert.Contains(option, help, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true, "503 UNAVAILABLE: The service is currently unavailable.")]
    [InlineData(true, "500 : ")]
    [InlineData(true, "ERROR: (gcloud.pubsub.topics.create) HTTPError 503: Service Unavailable")]
    [InlineData(true, "ERROR: (gcloud.functions.deploy) ResponseError: status=[429], code=[Too Many Requests], message=[Quota exceeded]")]
    [InlineData(true, "HttpError accessing <https://run.googleapis.com/>: response: <{'status': '502', 'content-length': '0'}>")]
    [InlineData(true, "ERROR: (gcloud.secrets.create) INTERNAL: An internal error has occurred.")]
    [InlineData(true, "ERROR: (gcloud.builds.submit) code=504, message=upstream request timeout")]
    [InlineData(true, "curl: (56) Recv failure: Connection reset by peer")]
    [InlineData(false, "400 INVALID_ARGUMENT: A database has at most 500 composite indexes.")]
    [InlineData(false,
        "ERROR: (gcloud.run.deploy) INVALID_ARGUMENT: spec.template.spec.containers.resources.limits.memory: 500 is less than 512Mi")]
    [InlineData(false, "403 PERMISSION_DENIED: Permission denied on resource project 503.")]
    [InlineData(false, "ERROR: (gcloud.secrets.create) Secret [a2a-500] is invalid: status=[4290]")]
    [InlineData(false, "409 ALREADY_EXISTS: 429")]
    public async Task ANumberIsATransientStatusOnlyWhereItIsAStatus(bool isTransient, string error)
    {
        var (exitCode, _, _) = await Script.RunAsync(
            Script.Piped("bash", ["-c", "here=.; . deploy/commands.sh; printf '%s\\n' \"$1\" | grep -qE \"$transient\"", "bash", error]));
        Assert.Equal(isTransient, exitCode == 0);
    }

    [Fact]
    public async Task JsonIsReadWithItsPathsAndEveryEscape()
    {
        const string Json = """
            {"a": [{"b c/d": "x\u00e9\u20AC\ud83d\ude00 é \"\/"}, [1, true, null]], "e": {}, "f": [],
              "g": "{,}:[]\\n \n\t\u000a\u005c", "h": -1.5e3}
            """;
        var (exitCode, output, errors) = await Script.RunAsync(Script.Piped(
            "bash", ["-c", "here=.; . deploy/commands.sh; json 'for (path in value) print path \"=\" value[path]' <<<\"$1\"", "bash",
            Json]));
        Assert.True(exitCode == 0, errors);
        Assert.Equal(
            ["a.0.b c/d=xé€😀 é \"/", "a.1.0=1", "a.1.1=true", "a.1.2=null", @"g={,}:[]\\n \n\t\n\\", "h=-1.5e3"],
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
    }

    /// <summary>The rest of a long list is still written when the agent was found at its beginning.</summary>
    [Fact]
    public async Task AnAgentIsFoundAmongManyOthers()
    {
        var (exitCode, output, errors) = await Script.RunAsync(Script.Piped(
            "bash", ["-c", """
                set -euo pipefail
                . deploy/gemini-enterprise.sh
                registered() { for i in $(seq 5000); do printf 'agent-%s https://agent-%s.example/\n' "$i" "$i"; done; }
                agent_id=''
                own_id https://agent-2.example/
                """]));
        Assert.True(exitCode == 0, errors);
        Assert.Equal("agent-2", output.Trim());
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{"task":{"id":"t","status":{"state":"TASK_STATE_WORKING"}}}}""", "TASK_STATE_WORKING")]
    [InlineData(
        """{"result":{"id":"t","status":{"state":"TASK_STATE_COMPLETED"},"artifacts":[{"parts":[{"data":{"state":"OPEN"}}]}]}}""",
        "TASK_STATE_COMPLETED")]
    public async Task TheSmokeTestReadsTheStateOfTheTask(string answer, string state)
    {
        var (exitCode, output, errors) = await Script.RunAsync(Script.Piped(
            "bash", ["-c", "here=.; . deploy/commands.sh; . deploy/agent.sh; task_state <(printf %s \"$1\")", "bash", answer]));
        Assert.True(exitCode == 0, errors);
        Assert.Equal(state, output.Trim());
    }

    /// <summary>Which files a container's restore sees: a folder of packages is a feed too.</summary>
    [Fact]
    public async Task TheImagesRestoreKeepsTheFilesThatItNeeds()
    {
        var folder = Directory.CreateTempSubdirectory("a2a-image-");
        try
        {
            foreach (var file in new[] { "src/Mine.csproj", "src/Program.cs", "feed/Mine.1.0.0.nupkg", "nuget.config", "docs/page.md" })
            {
                var path = Path.Combine(folder.FullName, file);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                await File.WriteAllTextAsync(path, "");
            }

            var dockerfile = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "Dockerfile"));
            var begin = dockerfile.IndexOf("RUN find ", StringComparison.Ordinal) + "RUN ".Length;
            var command = dockerfile[begin..dockerfile.IndexOf("\n\n", begin, StringComparison.Ordinal)];
            var (exitCode, _, errors) = await Script.RunAsync(Script.Piped(
                "sh", ["-c", command.Replace("/source", folder.FullName, StringComparison.Ordinal)]));

            Assert.True(exitCode == 0, errors);
            Assert.Equal(
                ["feed", "feed/Mine.1.0.0.nupkg", "nuget.config", "src", "src/Mine.csproj"],
                Directory.EnumerateFileSystemEntries(folder.FullName, "*", SearchOption.AllDirectories)
                    .Select(path => Path.GetRelativePath(folder.FullName, path)).Order(StringComparer.Ordinal));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>macOS has bash 3.2.</summary>
    [Theory]
    [InlineData("declare -A")]
    [InlineData("mapfile")]
    [InlineData("readarray")]
    [InlineData(",,}")]
    [InlineData("^^}")]
    [InlineData("wait -n")]
    [InlineData("local -n")]
    public async Task NothingNeedsANewerBashThanMacOSHas(string newer)
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "deploy"), "*.sh")
            .Append(Path.Combine(Repository.Root, "deploy.sh")))
            Assert.DoesNotContain(newer, await File.ReadAllTextAsync(file), StringComparison.Ordinal);
    }
}
