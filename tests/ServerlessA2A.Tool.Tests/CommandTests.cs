using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Security;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tool.Tests;

/// <summary>The commands, run as a script runs them.</summary>
public sealed class CommandTests : IAsyncLifetime
{
    private AgentHost _host = null!;

    private string Agent => _host.Address!.AbsoluteUri;

    public async Task InitializeAsync() => _host = await AgentHost.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task CardPrintsTheCard()
    {
        var result = await Tool.RunAsync("card", Agent);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("JSONRPC 1.0", result.Output, StringComparison.Ordinal);
        Assert.Contains("streaming yes", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.0", "JSONRPC")]
    [InlineData("0.3", "HTTP+JSON")]
    public async Task SendPrintsTheResultAsJson(string protocol, string binding)
    {
        var result = await Tool.RunAsync("send", Agent, "--json", "--protocol", protocol, "--binding", binding, "hello", "world");

        Assert.Equal(0, result.ExitCode);
        var task = JsonElement.Parse(result.Output);
        Assert.Equal("TASK_STATE_COMPLETED", task.GetProperty("status").GetProperty("state").GetString());
        Assert.Equal("hello world", task.GetProperty("artifacts")[0].GetProperty("parts")[0].GetProperty("text").GetString());
    }

    [Fact]
    public async Task ItSpeaksGrpc()
    {
        await using var card = await AgentHost.StartAsync(("Agent:GrpcUrl", $"localhost:{_host.GrpcAddress.Port}"));

        var result = await Tool.RunAsync("stream", card.Address!.AbsoluteUri, "--binding", "grpc", "chunks:3");

        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        Assert.Contains("chunk 0 chunk 1 chunk 2", result.Output, StringComparison.Ordinal);
        // The card's host has the other bindings, and no task.
        var tasks = JsonElement.Parse(await _host.Client.GetStringAsync(new Uri("/tasks?A2A-Version=1.0", UriKind.Relative)));
        Assert.Equal(1, tasks.GetProperty("tasks").GetArrayLength());
    }

    [Fact]
    public async Task SendReadsStandardInput()
    {
        var result = await Tool.RunWithInputAsync("from a pipe", "send", Agent);

        Assert.Contains("from a pipe", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AMessageThatBeginsWithAtIsNoFileOfArguments()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "secret");

            var result = await Tool.RunAsync("send", Agent, $"@{file}", "please");

            Assert.Equal((0, ""), (result.ExitCode, result.Errors));
            Assert.Contains($"@{file} please", result.Output, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task TextsOfAnAgentCannotSteerTheTerminal()
    {
        var result = await Tool.RunAsync("send", Agent, "\u001b[2Jone\r\ntwo\u009b");

        Assert.Contains("\uFFFD[2Jone\ntwo\uFFFD", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ATimeoutThatNoClientTakesIsAWrongCommandLine()
    {
        var result = await Tool.RunAsync("card", Agent, "--timeout", "4294968");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("from 1 to 86400", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StreamPrintsChunksInOneLine()
    {
        var result = await Tool.RunAsync("stream", Agent, "chunks:3");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("chunk 0 chunk 1 chunk 2", result.Output, StringComparison.Ordinal);
        Assert.Contains("[COMPLETED]", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ATaskIsListedFollowedAndCanceled()
    {
        var begun = JsonElement.Parse((await Tool.RunAsync("send", Agent, "--json", "--no-wait", "hold:never")).Output);
        var id = begun.GetProperty("id").GetString()!;

        using var following = Tool.Start("task", Agent, id, "--follow");
        Assert.Contains(id, await following.StandardOutput.ReadLineAsync(), StringComparison.Ordinal);
        var listed = await Tool.RunAsync("tasks", Agent, "--limit", "5");
        var canceled = await Tool.RunAsync("cancel", Agent, id);
        var followed = await Tool.EndAsync(following, null);

        Assert.Contains(id, listed.Output, StringComparison.Ordinal);
        Assert.Equal(0, canceled.ExitCode);
        Assert.Contains("CANCELED", canceled.Output, StringComparison.Ordinal);
        Assert.Equal(3, followed.ExitCode);
        Assert.Contains("[CANCELED]", followed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExitCodesTellHowItEnded()
    {
        Assert.Equal(3, (await Tool.RunAsync("send", Agent, "fail:broken")).ExitCode);
        var asked = await Tool.RunAsync("send", Agent, "--json", "ask");
        Assert.Equal(4, asked.ExitCode);
        var id = JsonElement.Parse(asked.Output).GetProperty("id").GetString()!;
        Assert.Equal(0, (await Tool.RunAsync("send", Agent, "--task", id, "ask")).ExitCode);

        var missing = await Tool.RunAsync("task", Agent, "no-such-task");
        Assert.Equal(1, missing.ExitCode);
        Assert.StartsWith("TaskNotFound: ", missing.Errors, StringComparison.Ordinal);
        Assert.Empty(missing.Output);

        var wrong = await Tool.RunAsync("card", "not an address");
        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("not an address is not an http or https address", wrong.Errors, StringComparison.Ordinal);
        Assert.Equal(2, (await Tool.RunAsync("no-such-command")).ExitCode);
    }

    [Fact]
    public async Task AnUnsignedCardIsNotVerified()
    {
        var keys = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(keys, """{"keys":[]}""");

            var result = await Tool.RunAsync("verify", Agent, "--keys", keys);

            Assert.Equal(1, result.ExitCode);
            Assert.Contains("not signed", result.Errors, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(keys);
        }
    }

    [Fact]
    public async Task ACardIsVerifiedWithTheKeyThatSignedItOnly()
    {
        await using var signed = await AgentHost.StartAsync(("Security:SigningKeys:0", TestKeys.Jwk(TestKeys.Ec)));
        await using var other = await AgentHost.StartAsync(("Security:SigningKeys:0", TestKeys.Jwk(TestKeys.OtherEc)));
        var keys = new Uri(signed.Address!, ".well-known/jwks.json").AbsoluteUri;

        var verified = await Tool.RunAsync("verify", signed.Address!.AbsoluteUri, "--keys", keys);
        var rejected = await Tool.RunAsync("verify", other.Address!.AbsoluteUri, "--keys", keys);

        Assert.Equal(0, verified.ExitCode);
        Assert.Contains("is signed by a trusted key", verified.Output, StringComparison.Ordinal);
        var card = await Tool.RunAsync("verify", signed.Address!.AbsoluteUri, "--keys", keys, "--json");
        Assert.NotEmpty(JsonElement.Parse(card.Output).GetProperty("signatures").EnumerateArray());
        Assert.Equal(1, rejected.ExitCode);
        Assert.Contains("is not trusted", rejected.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListenPrintsDeliveries()
    {
        var port = FreePort.Find();
        using var listening = Tool.Start("webhook", "listen", "--port", $"{port}", "--token", "secret", "--count", "1", "--json");
        await listening.StandardError.ReadLineAsync();
        using var http = new HttpClient { BaseAddress = new Uri($"http://localhost:{port}/") };
        const string Event = """{"statusUpdate":{"taskId":"t","contextId":"c","status":{"state":"TASK_STATE_COMPLETED"}}}""";

        using var rejected = await http.PostAsync("/", new StringContent(Event));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/")
        {
            Content = new StringContent(Event),
            Headers = { { "X-A2A-Notification-Token", "secret" } },
        };
        using var accepted = await http.SendAsync(request);
        var result = await Tool.EndAsync(listening, null);

        Assert.Equal(401, (int)rejected.StatusCode);
        Assert.Equal(200, (int)accepted.StatusCode);
        Assert.Equal(Event, result.Output.Trim());
    }

    [Fact]
    public async Task ListenNamesAPortThatIsInUse()
    {
        var port = FreePort.Find();
        using var listening = Tool.Start("webhook", "listen", "--port", $"{port}");
        await listening.StandardError.ReadLineAsync();

        var second = await Tool.RunAsync("webhook", "listen", "--port", $"{port}");
        listening.Kill();

        Assert.Equal(1, second.ExitCode);
        Assert.StartsWith($"Cannot listen at http://localhost:{port}/: ", second.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", second.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("65536")]
    public async Task ListenRejectsWhatIsNoPort(string port)
    {
        var result = await Tool.RunAsync("webhook", "listen", "--port", port);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains($"{port} is not a port: use 1 to 65535.", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListenRejectsKeysThatAreNoAddress()
    {
        var result = await Tool.RunAsync("webhook", "listen", "--keys", "keys.json");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("keys.json is not an http or https address.", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListenGoesOnAfterASenderThatBreaksOff()
    {
        var port = FreePort.Find();
        using var listening = Tool.Start("webhook", "listen", "--port", $"{port}", "--count", "1", "--json");
        await listening.StandardError.ReadLineAsync();
        const string Event = """{"statusUpdate":{"taskId":"t","contextId":"c","status":{"state":"TASK_STATE_COMPLETED"}}}""";
        using (var sender = new TcpClient("localhost", port) { LingerState = new LingerOption(true, 0) })
        {
            var connection = sender.GetStream();
            await connection.WriteAsync(Encoding.ASCII.GetBytes(
                $"POST / HTTP/1.1\r\nHost: localhost:{port}\r\nContent-Length: 1000\r\nExpect: 100-continue\r\n\r\n{{"));
            // The listener has begun with the request.
            await connection.ReadExactlyAsync(new byte["HTTP/1.1 100".Length]);
        }

        using var http = new HttpClient { BaseAddress = new Uri($"http://localhost:{port}/") };
        using var accepted = await http.PostAsync("/", new StringContent(Event));
        var result = await Tool.EndAsync(listening, null);

        Assert.Equal(200, (int)accepted.StatusCode);
        Assert.Equal((0, Event), (result.ExitCode, result.Output.Trim()));
    }
}
