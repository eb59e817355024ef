using System.Text.Json;
using ServerlessA2A.Functions.Local.PostgreSql;
using ServerlessA2A.Functions.Tests.Support;
using ServerlessA2A.PostgreSql.Tests.Servers;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Samples;

/// <summary><c>samples/PostgreSql</c>: instances that share one PostgreSQL and nothing else.</summary>
public sealed class PostgreSqlSampleTests
{
    [SkippableFact]
    public async Task AnotherInstanceContinuesTheTaskOfOneThatStops()
    {
        await using var server = await SharedServer.StartAsync();
        await using var first = Start(server);
        await using var second = Start(server);
        using var client = new HttpClient();
        var (one, other) = (await AgentOfAsync(first), await AgentOfAsync(second));
        var id = await SendAsync(client, one, "100");
        var running = await RunnerAsync(client, one, id, first, second);
        var (left, program) = running == first ? (other, second) : (one, first);

        Assert.Equal(0, await running.StopAsync());
        await EndOfAsync(client, left, id).WithinLimit("the task ends on the other instance");

        await program.LineAsync(IsRunOf(id));
        var task = Json(await client.GetStringAsync(new Uri(left, $"tasks/{id}")));
        Assert.Equal(Requests.Count(100), task.ArtifactText());
        Assert.Equal("Healthy", Json(await client.GetStringAsync(new Uri(left, "/health"))).GetProperty("status").GetString());
        Assert.Empty(first.LoggedErrors.Concat(second.LoggedErrors));
    }

    private static RunningProgram Start(PostgreSqlProcess server) => RunningProgram.Start(
        Programs.PostgreSqlSample,
        ["--urls", "http://127.0.0.1:0"],
        ("A2A__PostgreSql__ConnectionString", server.ConnectionString(database: "a2a")),
        ("Logging__LogLevel__ServerlessA2A", "Debug"),
        ("Logging__LogLevel__Microsoft.Hosting.Lifetime", "Information"));

    private static async Task<Uri> AgentOfAsync(RunningProgram program) => new(await program.AddressAsync(), "agents/counting/");

    private static async Task<string> SendAsync(HttpClient client, Uri agent, string text)
    {
        using var content = Requests.Json(
            $$$"""{"message":{"messageId":"m-1","role":"ROLE_USER","parts":[{"text":"{{{text}}}"}]},"configuration":{"returnImmediately":true}}""");
        using var response = await client.PostAsync(new Uri(agent, "./message:send"), content);
        return Json(await response.Content.ReadAsStringAsync()).GetProperty("task").GetProperty("id").GetString()!;
    }

    /// <summary>Which instance runs the task; waits until it has counted.</summary>
    private static async Task<RunningProgram> RunnerAsync(HttpClient client, Uri agent, string id, params RunningProgram[] programs)
    {
        using var response = await client.GetAsync(new Uri(agent, $"tasks/{id}:subscribe"), HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        while (await lines.ReadLineAsync() is { } line && !line.Contains("artifactUpdate", StringComparison.Ordinal))
            Assert.DoesNotContain("COMPLETED", line, StringComparison.Ordinal);
        return await RunningProgram.PrinterAsync(programs, IsRunOf(id));
    }

    /// <summary>Follows the task until it is completed: a stream may end earlier, at the time limit of a request.</summary>
    private static async Task EndOfAsync(HttpClient client, Uri agent, string id)
    {
        string events;
        do
        {
            // With the header a task that has ended can be followed too.
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(agent, $"tasks/{id}:subscribe"))
            {
                Headers = { { "Last-Event-ID", "1" } },
            };
            using var response = await client.SendAsync(request);
            events = await response.Content.ReadAsStringAsync();
            Assert.True(response.IsSuccessStatusCode, events);
        }
        while (!events.Contains("TASK_STATE_COMPLETED", StringComparison.Ordinal));
    }

    private static Func<string, bool> IsRunOf(string id) => line =>
        line.Contains("Run started", StringComparison.Ordinal) && line.Contains(id, StringComparison.Ordinal);

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
