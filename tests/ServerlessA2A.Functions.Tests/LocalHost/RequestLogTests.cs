using ServerlessA2A.Functions.Tests.Support;

namespace ServerlessA2A.Functions.Tests.LocalHost;

public class RequestLogTests
{
    [Fact]
    public async Task EachRequestIsALineWithItsTaskAndTheEndSumsThemUp()
    {
        await using var program = RunningProgram.Start(Programs.Agent);
        using var client = new HttpClient { BaseAddress = await program.AddressAsync() };

        await PostAsync(client, "/", Requests.Send("hello"));
        await PostAsync(client, "/", Requests.Send("ask", method: "SendStreamingMessage"));
        await PostAsync(client, "/", "{");
        using var card = await client.GetAsync(new Uri("/.well-known/agent-card.json?code=secret", UriKind.Relative));
        using var inspector = await client.GetAsync(new Uri("/inspector/", UriKind.Relative));
        await program.LineAsync(line => line.StartsWith("GET ", StringComparison.Ordinal));
        await program.SignalAsync("INT");
        Assert.Equal(0, await program.ExitAsync());

        const string Id = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
        Assert.Collection(
            program.Output.SkipWhile(line => !line.StartsWith("Tasks are kept", StringComparison.Ordinal)).Skip(1),
            line => Assert.Matches($"^SendMessage {Id} COMPLETED [0-9]+ ms$", line),
            line => Assert.Matches($"^SendStreamingMessage {Id} INPUT_REQUIRED [0-9]+ ms$", line),
            line => Assert.Matches("^POST / ParseError [0-9]+ ms$", line),
            line => Assert.Matches("^GET /.well-known/agent-card.json 200 [0-9]+ ms$", line),
            line => Assert.Matches(@"^4 requests \(1 failed\) in [0-9]+ s\. Tasks: 1 COMPLETED, 1 INPUT_REQUIRED\.$", line));
    }

    [Fact]
    public async Task VerbosePrintsBodiesWithoutHoldingThemBack()
    {
        await using var program = RunningProgram.Start(Programs.Agent, ["--urls", "http://127.0.0.1:0", "--verbose"]);
        using var client = new HttpClient { BaseAddress = await program.AddressAsync() };

        var answer = await PostAsync(client, "/", Requests.Send("slow \\u001b[31m", method: "SendStreamingMessage"));

        Assert.Contains("artifactUpdate", answer, StringComparison.Ordinal);
        await program.LineAsync(line => line.StartsWith("  > ", StringComparison.Ordinal) &&
            line.Contains("SendStreamingMessage", StringComparison.Ordinal));
        await program.LineAsync(line => line.StartsWith("  < data: ", StringComparison.Ordinal));
        Assert.DoesNotContain(program.Output, line => line.Contains('\u001b', StringComparison.Ordinal));
    }

    [Fact]
    public async Task QuietPrintsNothingAboutRequests()
    {
        await using var program = RunningProgram.Start(Programs.Agent, ["--urls", "http://127.0.0.1:0", "--quiet"]);
        using var client = new HttpClient { BaseAddress = await program.AddressAsync() };
        await PostAsync(client, "/", Requests.Send("hello"));

        Assert.Equal(0, await program.StopAsync());

        Assert.DoesNotContain(program.Output, line => line.Contains("SendMessage", StringComparison.Ordinal));
        Assert.DoesNotContain(program.Output, line => line.Contains("requests", StringComparison.Ordinal));
    }

    [Fact]
    public async Task HelpListsTheArgumentsAndServesNothing()
    {
        await using var program = RunningProgram.Start(Programs.Agent, ["--help"]);

        Assert.Equal(0, await program.ExitAsync());

        Assert.All(
            (string[])["--open", "--inspect", "--verbose", "--quiet", "--emulators", "--postgres", "--migrate", "--urls"],
            argument => Assert.Contains(program.Output, line => line.TrimStart().StartsWith(argument, StringComparison.Ordinal)));
        Assert.DoesNotContain(program.Output, line => line.Contains("MessageFunction:", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("agent.example.com", "--inspect is 'agent.example.com'")]
    [InlineData("http://10.1.2.3/", "leads to a private address")]
    public async Task AnAddressThatCannotBeInspectedIsToldInOneLine(string address, string told)
    {
        await using var program = RunningProgram.Start(Programs.Agent, ["--urls", "http://127.0.0.1:0", "--inspect", address]);

        Assert.Equal(1, await program.ExitAsync());

        Assert.Contains(told, Assert.Single(program.Errors), StringComparison.Ordinal);
        Assert.Empty(program.Output);
    }

    private static async Task<string> PostAsync(HttpClient client, string path, string body)
    {
        using var response = await client.PostAsync(new Uri(path, UriKind.Relative), Requests.Json(body));
        return await response.Content.ReadAsStringAsync();
    }
}
