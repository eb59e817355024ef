using System.Net;
using System.Text.Json;
using ServerlessA2A.Functions.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Samples;

/// <summary>A user's own project: one reference, one class, one line.</summary>
public class OwnAgentTests
{
    [Fact]
    public async Task AnAgentOfOnesOwnAnswersInTheLocalHost()
    {
        await using var program = RunningProgram.Start(Programs.OwnAgent);
        using var client = new HttpClient { BaseAddress = await program.AddressAsync() };

        var task = (await client.CallAsync(Requests.Send("hello, is anybody there?"))).GetProperty("task");

        Assert.Equal("TASK_STATE_COMPLETED", task.State());
        Assert.Equal("HELLO, IS ANYBODY THERE?", task.ArtifactText());
        AssertLoadsNoModel(program);
        Assert.Equal(0, await program.StopAsync());
        Assert.Empty(program.LoggedErrors);
    }

    [Fact]
    public async Task WithATargetTheSameProgramIsThatFunctionAlone()
    {
        await using var program = RunningProgram.Start(
            Programs.OwnAgent,
            arguments: [],
            ("FUNCTION_TARGET", typeof(AgentCardFunction).FullName!),
            ("PORT", "0"),
            ("Logging__LogLevel__Microsoft.Hosting.Lifetime", "Information"),
            ("A2A__Agent__Name", "Shouter"));
        using var client = new HttpClient { BaseAddress = await program.AddressAsync() };

        using var card = JsonDocument.Parse(await client.GetStringAsync(new Uri("/.well-known/agent-card.json", UriKind.Relative)));
        using var message = Requests.Json(Requests.Send("hello"));
        using var refused = await client.PostAsync(new Uri("/", UriKind.Relative), message);

        Assert.Equal("Shouter", card.RootElement.GetProperty("name").GetString());
        Assert.Equal(HttpStatusCode.MethodNotAllowed, refused.StatusCode);
        AssertLoadsNoModel(program);
        Assert.Equal(0, await program.StopAsync());
        Assert.Empty(program.LoggedErrors);
    }

    /// <summary>An agent of one's own does not pay for models when it starts.</summary>
    private static void AssertLoadsNoModel(RunningProgram program)
    {
        if (!OperatingSystem.IsLinux())
            return;
        var loaded = program.LoadedAssemblies;
        Assert.Contains("ServerlessA2A.Functions", loaded);
        Assert.DoesNotContain(
            loaded, name => name == "ServerlessA2A.Chat" || name.StartsWith("Microsoft.Extensions.AI", StringComparison.Ordinal));
        // Nor for telemetry that nobody collects.
        Assert.DoesNotContain(loaded, name => name.StartsWith("OpenTelemetry", StringComparison.Ordinal));
        // Nor for gRPC that is not served.
        Assert.DoesNotContain(
            loaded, name => name == "ServerlessA2A.Grpc" || name.StartsWith("Grpc", StringComparison.Ordinal) || name == "Google.Protobuf");
    }
}
