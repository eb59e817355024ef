using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using ServerlessA2A.Chat.Mcp;
using ServerlessA2A.Chat.Tools;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Chat.Tests.Mcp;

/// <summary>Servers are connected when they are used, are lost, and come back.</summary>
public sealed class McpConnectionTests : IAsyncDisposable
{
    private const string Down = """{"error":"The MCP server 'server' is not available now. Continue without it."}""";

    private static readonly string StdioServer = Path.Combine(AppContext.BaseDirectory, "ServerlessA2A.McpServer.dll");

    private readonly ManualTimeProvider _time = new();
    private readonly CollectedLogs _logs = new();
    private readonly List<McpTools> _tools = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var tools in _tools)
            await tools.DisposeAsync();
    }

    [Fact]
    public async Task AConnectionAndItsListServeAllRuns()
    {
        await using var server = await HttpMcpServer.StartAsync(("one", () => 1));
        var tools = Tools(Http(server.Url));
        Assert.Empty(server.Requests);

        await using var first = await OpenAsync(tools);
        var connecting = server.Requests.Count;
        await using var second = await OpenAsync(tools);

        Assert.Equal(["one"], second.Tools.Select(tool => tool.Name));
        Assert.Equal(connecting, server.Requests.Count);
        Assert.Equal("\"1\"", await CallAsync(second, "one"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AServerThatRestartsIsUsedAgain(bool isStateless)
    {
        var server = await HttpMcpServer.StartAsync(FreePort.Find(), isStateless, ("one", () => 1));
        var tools = Tools(Http(server.Url));
        await using (var run = await OpenAsync(tools))
            Assert.Equal("\"1\"", await CallAsync(run, "one"));
        await server.DisposeAsync();

        await using var restarted = await HttpMcpServer.StartAsync(server.Port, isStateless, ("one", () => 2));
        await using var next = await OpenAsync(tools);

        Assert.Equal("\"2\"", await CallAsync(next, "one"));
        Assert.Empty(_logs.AtLeast(LogLevel.Warning));
    }

    [Fact]
    public async Task ACallOfAServerThatWentDownIsAnErrorAndOneThatCameBackIsConnectedAgain()
    {
        var server = await HttpMcpServer.StartAsync(FreePort.Find(), isStateless: true, ("one", () => 1));
        var tools = Tools(Http(server.Url));
        await using var run = await OpenAsync(tools);
        await server.DisposeAsync();

        Assert.Equal(Down, await CallAsync(run, "one"));
        AssertLogged("MCP server server was lost during a call of one");
        await using var down = await OpenAsync(tools);
        // Its tools are still offered: it may be back when the model calls one.
        Assert.Equal(["one"], down.Tools.Select(tool => tool.Name));
        Assert.Equal(["server"], down.Unavailable);
        Assert.Equal(Down, await CallAsync(down, "one"));
        Assert.Equal(2, _logs.AtLeast(LogLevel.Warning).Count);

        await using var back = await HttpMcpServer.StartAsync(server.Port, isStateless: true, ("one", () => 2));
        _time.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal("\"2\"", await CallAsync(down, "one"));
    }

    [Fact]
    public async Task AServerThatCannotBeListedLeavesTheOthersAndIsLoggedOnce()
    {
        await using var other = await HttpMcpServer.StartAsync(("two", () => 2));
        var tools = Tools(Http($"http://127.0.0.1:{FreePort.Find()}/mcp"), Http(other.Url, "other"));

        for (var i = 0; i < 3; i++)
        {
            await using var run = await OpenAsync(tools);
            Assert.Equal(["two"], run.Tools.Select(tool => tool.Name));
            Assert.Equal(["server"], run.Unavailable);
        }

        AssertLogged("MCP server server could not be connected");
    }

    [Fact]
    public async Task AServerThatDoesNotAnswerDelaysARunBy15Seconds()
    {
        var gate = new TaskCompletionSource();
        await using var server = await HttpMcpServer.StartAsync(("one", () => 1));
        server.Gate = gate.Task;
        var opening = OpenAsync(Tools(Http(server.Url)));
        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(15)).WithinLimit("the limit runs");

        _time.Advance(TimeSpan.FromSeconds(15));

        await using var run = await opening.WithinLimit("the run begins");
        Assert.Empty(run.Tools);
        Assert.Equal(["server"], run.Unavailable);
        gate.SetResult();
    }

    [Fact]
    public async Task AProgramGetsItsArgumentsAndEnvironmentButNotTheAgents()
    {
        await using var run = await OpenAsync(Tools(Program("Hello, world", ("GREETING", "Hi"))));

        Assert.Equal("\"Hello, world\"", await CallAsync(run, "get_argument"));
        Assert.Equal("\"Hi\"", await CallAsync(run, "get_variable", ("name", "GREETING")));
        Environment.SetEnvironmentVariable("A2A_TEST_SECRET", "secret");
        Assert.Equal("\"(not set)\"", await CallAsync(run, "get_variable", ("name", "A2A_TEST_SECRET")));
        await UntilLoggedAsync("The server starts.");
    }

    [Fact]
    public async Task AProgramThatEndsIsStartedAgain()
    {
        var tools = Tools(Program("a"));
        await using var run = await OpenAsync(tools);
        var first = await CallAsync(run, "get_process");

        Assert.Equal(Down, await CallAsync(run, "crash"));

        var second = await CallAsync(run, "get_process");
        Assert.NotEqual(first, second);
        Assert.Equal(second, await CallAsync(run, "get_process"));
    }

    [Fact]
    public async Task AProgramThatIsNotThereIsUnavailable()
    {
        await using var run = await OpenAsync(Tools(new McpServerOptions { Name = "server", Command = "no-such-program-of-any-machine" }));

        Assert.Empty(run.Tools);
        Assert.Equal(["server"], run.Unavailable);
        Assert.Single(_logs.AtLeast(LogLevel.Warning));
    }

    /// <summary>One line for the operator.</summary>
    private void AssertLogged(string text) =>
        Assert.StartsWith(text, Assert.Single(_logs.AtLeast(LogLevel.Warning)), StringComparison.Ordinal);

    /// <summary>Waits for a line of the server's log, which comes by another pipe than its answers.</summary>
    private async Task UntilLoggedAsync(string end)
    {
        using var patience = new CancellationTokenSource(Guard.Limit);
        while (!_logs.AtLeast(LogLevel.Debug).Any(line => line.EndsWith(end, StringComparison.Ordinal)))
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private McpTools Tools(params McpServerOptions[] servers)
    {
        var tools = new McpTools(servers, _time, _logs.LoggerFor<McpTools>());
        _tools.Add(tools);
        return tools;
    }

    private static McpServerOptions Http(string url, string name = "server") => new() { Name = name, Url = url };

    private static McpServerOptions Program(string argument, params (string Name, string Value)[] environment)
    {
        var server = new McpServerOptions { Name = "server", Command = "dotnet", Arguments = { StdioServer, argument } };
        foreach (var (name, value) in environment)
            server.Environment[name] = value;
        return server;
    }

    private static Task<McpRun> OpenAsync(McpTools tools) =>
        tools.OpenAsync(AgentContexts.Of(AgentContexts.User("m1", "Go")), [], CancellationToken.None).WithinLimit("the tools are opened");

    private static async Task<string> CallAsync(McpRun run, string tool, params (string Name, object Value)[] arguments)
    {
        var given = new AIFunctionArguments(arguments.ToDictionary(each => each.Name, each => (object?)each.Value));
        var result = await run.Tools.Single(each => each.Name == tool)
            .InvokeAsync(given, CancellationToken.None).AsTask().WithinLimit("the tool ends");
        return ((ToolResult)result!).Json.GetRawText();
    }
}
