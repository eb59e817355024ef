using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ServerlessA2A.Functions.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Samples;

/// <summary><c>samples/AspNetCore</c>: an application with a page and an agent.</summary>
public class AspNetCoreSampleTests
{
    private const string Message = """{"messageId":"m-1","role":"ROLE_USER","parts":[{"text":"Hello there"}]}""";

    [Fact]
    public async Task ThePageTheAgentAndTheHealthAreServedByOneProgram()
    {
        await using var program = RunningProgram.Start(
            Programs.AspNetCoreSample, ["--urls", "http://127.0.0.1:0"], ("Logging__LogLevel__Microsoft.Hosting.Lifetime", "Information"));
        var root = await program.AddressAsync();
        using var client = new HttpClient { BaseAddress = root };
        var agent = new Uri(root, "agents/echo/");

        Assert.Contains("<h1>Shop</h1>", await client.GetStringAsync(root), StringComparison.Ordinal);
        var card = await client.GetFromJsonAsync<JsonElement>(new Uri(agent, ".well-known/agent-card.json"));
        Assert.Equal("Echo", card.GetProperty("name").GetString());
        Assert.Equal(agent.AbsoluteUri, card.GetProperty("supportedInterfaces")[0].GetProperty("url").GetString());

        var overRpc = await PostAsync(client, agent, $$$"""{"jsonrpc":"2.0","id":1,"method":"SendMessage","params":{"message":{{{Message}}}}}""");
        Assert.Equal("Hello there ", Json(overRpc).GetProperty("result").GetProperty("task").ArtifactText());
        var overHttp = await PostAsync(client, new Uri(agent, "./message:send"), $$"""{"message":{{Message}}}""");
        Assert.Equal("TASK_STATE_COMPLETED", Json(overHttp).GetProperty("task").State());
        var stream = await PostAsync(client, new Uri(agent, "./message:stream"), $$"""{"message":{{Message}}}""");
        Assert.Contains("id: 1\ndata: {\"task\":", stream, StringComparison.Ordinal);
        Assert.Contains("TASK_STATE_COMPLETED", stream, StringComparison.Ordinal);

        Assert.Equal("Healthy", Json(await client.GetStringAsync(new Uri(root, "health"))).GetProperty("status").GetString());
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(new Uri(root, "./message:send"))).StatusCode);
        Assert.Equal(0, await program.StopAsync());
        Assert.Empty(program.LoggedErrors);
    }

    [Fact]
    public async Task TheAnswerToALaterMessageOfATaskReplacesTheEarlierOne()
    {
        await using var program = RunningProgram.Start(
            Programs.AspNetCoreSample, ["--urls", "http://127.0.0.1:0"], ("Logging__LogLevel__Microsoft.Hosting.Lifetime", "Information"));
        var send = new Uri(await program.AddressAsync(), "agents/echo/message:send");
        using var client = new HttpClient { Timeout = TimeSpan.FromMinutes(5) };
        var words = string.Join(' ', Enumerable.Repeat("word", 1_000));
        var first = await PostAsync(
            client, send, $$$"""{"message":{{{Message.Replace("Hello there", words, StringComparison.Ordinal)}}},"configuration":{"returnImmediately":true}}""");
        var id = Json(first).GetProperty("task").GetProperty("id").GetString();

        var second = await PostAsync(
            client, send, $$$"""{"message":{{{Message.Replace("\"role\"", $"\"taskId\":\"{id}\",\"role\"", StringComparison.Ordinal)}}}}""");

        var task = Json(second).GetProperty("task");
        Assert.Equal("TASK_STATE_COMPLETED", task.State());
        Assert.Equal("Hello there ", task.ArtifactText());
    }

    [Fact]
    public async Task AStreamThatIsOpenDoesNotHoldUpTheShutdown()
    {
        await using var program = RunningProgram.Start(
            Programs.AspNetCoreSample, ["--urls", "http://127.0.0.1:0"], ("Logging__LogLevel__Microsoft.Hosting.Lifetime", "Information"));
        using var client = new HttpClient { BaseAddress = await program.AddressAsync() };
        var words = string.Join(' ', Enumerable.Repeat("word", 2_000));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/agents/echo/message:stream") { Content = Requests.Json($$$"""{"message":{"messageId":"m-1","role":"ROLE_USER","parts":[{"text":"{{{words}}}"}]}}""") };
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        while (await lines.ReadLineAsync() is { } line && !line.Contains("artifactUpdate", StringComparison.Ordinal))
            Assert.DoesNotContain("COMPLETED", line, StringComparison.Ordinal);

        await program.SignalAsync("TERM");

        Assert.DoesNotContain("COMPLETED", await lines.ReadToEndAsync(), StringComparison.Ordinal);
        // The host's own patience is 30 s.
        Assert.Equal(0, await program.ExitAsync(TimeSpan.FromSeconds(20)));
        Assert.Empty(program.LoggedErrors);
    }

    private static async Task<string> PostAsync(HttpClient client, Uri address, string body)
    {
        using var content = Requests.Json(body.Replace("m-1", $"{Guid.NewGuid()}", StringComparison.Ordinal));
        using var response = await client.PostAsync(address, content);
        return await response.Content.ReadAsStringAsync();
    }

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
