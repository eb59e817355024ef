using System.ComponentModel;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Protocol;
using ServerlessA2A.Chat.Mcp;
using ServerlessA2A.Chat.Tests.Scripted;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Chat.Tests.Mcp;

/// <summary>The model calls tools of real MCP servers.</summary>
public sealed class McpToolTests : ChatAgentTest
{
    private static readonly byte[] Png = [0x89, 0x50, 0x4E, 0x47, 1, 2, 3];

    [Fact]
    public async Task AToolIsDeclaredWithItsSchemaAndCalledWithTheModelsArguments()
    {
        await using var server = await HttpMcpServer.StartAsync(
            ("add", [Description("Adds numbers.")] ([Description("The first.")] int a, int b) => $"{a} and {b} make {a + b}"));

        var results = await CallAsync(server, ("add", new { a = 1, b = 2 }));

        Assert.Equal(["\"1 and 2 make 3\""], results);
        var tools = Model.Calls[0].Options.Tools!.Cast<AIFunctionDeclaration>().ToList();
        Assert.Equal(["ask_user", "add"], tools.Select(tool => tool.Name));
        Assert.Equal("Adds numbers.", tools[1].Description);
        Assert.Equal(
            """{"a":{"description":"The first.","type":"integer"},"b":{"type":"integer"}}""",
            tools[1].JsonSchema.GetProperty("properties").GetRawText());
        // The agent makes the calls: a client with its own function invocation must not.
        Assert.DoesNotContain(tools, tool => tool is AIFunction);
    }

    [Fact]
    public async Task ImagesFollowTheResultAsDataThatTheModelCanSee()
    {
        await using var server = await HttpMcpServer.StartAsync(
            ("draw", () => ImageContentBlock.FromBytes(Png, "image/png")), ("say", () => "said"));

        await CallAsync(server, ("draw", null), ("say", null));

        Assert.Equal("""
            user: Go
            model: draw({}) | say({})
            user: draw={"mediaType":"image/png","file":"The file follows the result."} | say="said"
            user: Files in the result of draw: | [image/png 7]
            """, Shown(Model.Calls[1]));
        Assert.Equal(Png, Model.Calls[1].Messages.SelectMany(message => message.Contents).OfType<DataContent>().Single().Data.ToArray());
        Assert.Equal(ChatRole.User, Model.Calls[1].Messages[^1].Role);
    }

    [Fact]
    public async Task FilesOfResultsAreStillThereAfterACrash()
    {
        await using var server = await HttpMcpServer.StartAsync(("draw", () => ImageContentBlock.FromBytes(Png, "image/png")));
        Model.Enqueue(ModelTurn.Call("draw"), ModelTurn.Call("ask_user", new { question = "Nice?" }), ModelTurn.Say("Good."));
        var asked = await AskAsync(NewAgent(Adding(server)), "Go");

        var done = await AskAsync(NewAgent(Adding(server)), "Yes", asked.Task.Id);

        Assert.Equal(TaskState.Completed, done.State);
        Assert.Contains("Files in the result of draw: | [image/png 7]", Shown(Model.Calls[2]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ResourcesLinksAndSeveralContentsAreReadable()
    {
        await using var server = await HttpMcpServer.StartAsync(("read", () => new CallToolResult
        {
            Content =
            [
                new TextContentBlock { Text = "Found:" },
                new EmbeddedResourceBlock
                {
                    Resource = new TextResourceContents { Uri = "file:///a.md", MimeType = "text/markdown", Text = "# A" },
                },
                new EmbeddedResourceBlock { Resource = BlobResourceContents.FromBytes("b,c"u8.ToArray(), "file:///b.csv", "text/csv") },
                new EmbeddedResourceBlock { Resource = BlobResourceContents.FromBytes(Png, "file:///c.pdf", "application/pdf") },
                new ResourceLinkBlock { Uri = "https://example.com/d", Name = "d", MimeType = "text/html" },
                AudioOf(Png),
            ],
        }));

        var results = await CallAsync(server, ("read", null));

        Assert.Equal(
        [
            """
            ["Found:",{"uri":"file:///a.md","mediaType":"text/markdown","text":"# A"},
            {"uri":"file:///b.csv","mediaType":"text/csv","text":"b,c"},
            {"uri":"file:///c.pdf","mediaType":"application/pdf","file":"The file follows the result."},
            {"uri":"https://example.com/d","name":"d","mediaType":"text/html"},
            {"mediaType":"audio/wav","file":"The file follows the result."}]
            """.ReplaceLineEndings(""),
        ], results);
        Assert.EndsWith("[application/pdf 7] | [audio/wav 7]", Shown(Model.Calls[1]), StringComparison.Ordinal);

        static AudioContentBlock AudioOf(byte[] bytes) => AudioContentBlock.FromBytes(bytes, "audio/wav");
    }

    [Fact]
    public async Task StructuredContentIsTheResultAndItsCopyAsTextIsLeftOut()
    {
        var json = JsonElement.Parse("""{"degrees":30}""");
        await using var server = await HttpMcpServer.StartAsync(
            ("twice", () => Structured("""{ "degrees": 30 }""")),
            ("both", () => Structured("Hot.")),
            ("none", () => new CallToolResult()));

        var results = await CallAsync(server, ("twice", null), ("both", null), ("none", null));

        Assert.Equal(["""{"degrees":30}""", """{"content":"Hot.","structuredContent":{"degrees":30}}""", "null"], results);

        CallToolResult Structured(string text) => new() { StructuredContent = json, Content = [new TextContentBlock { Text = text }] };
    }

    [Fact]
    public async Task AToolsErrorGoesToTheModel()
    {
        await using var server = await HttpMcpServer.StartAsync(
            ("fail", () => new CallToolResult { IsError = true, Content = [new TextContentBlock { Text = "No such city." }] }),
            ("silent", () => new CallToolResult { IsError = true }));

        var results = await CallAsync(server, ("fail", null), ("silent", null), ("absent", null));

        Assert.Equal(
        [
            """{"error":"No such city."}""",
            """{"error":"The tool failed without a reason."}""",
            """{"error":"There is no tool 'absent'; there are fail, silent."}""",
        ], results);
    }

    [Fact]
    public async Task AResultThatIsTooLargeIsAnErrorWithItsFiles()
    {
        await using var server = await HttpMcpServer.StartAsync(
            ("draw", () => ImageContentBlock.FromBytes(new byte[200], "image/png")), ("say", () => new string('a', 300)));

        var results = await CallAsync(
            NewAgent(Adding(server), ("MaxToolResultLength", "250")), ("draw", null), ("say", null));

        var error = """{"error":"The result is longer than 250 characters: ask for less."}""";
        Assert.Equal([error, error], results);
        Assert.DoesNotContain(Model.Calls[1].Messages.SelectMany(message => message.Contents), content => content is DataContent);
    }

    [Fact]
    public async Task OnlyTheToolsOfTheFilterAreOffered()
    {
        await using var server = await HttpMcpServer.StartAsync(("one", () => 1), ("two", () => 2), ("three", () => 3));

        var results = await CallAsync(
            NewAgent(Adding(server, options => { options.Tools.Add("one"); options.Tools.Add("three"); }), ("DisabledTools:0", "three")),
            ("one", null), ("two", null), ("three", null));

        Assert.Equal(["ask_user", "one"], Declared(0));
        Assert.Equal("\"1\"", results[0]);
        Assert.All(results.Skip(1), result => Assert.Contains("There is no tool", result, StringComparison.Ordinal));
    }

    [Fact]
    public async Task ToolsOfTheSameNameAreCalledByTheNamesOfTheirServers()
    {
        await using var docs = await HttpMcpServer.StartAsync(("search", () => "of docs"), ("docs.read", () => "read"));
        await using var web = await HttpMcpServer.StartAsync(
            ("search", () => "of web"), ("ask_user", () => "asked"), ("own", () => "of web"));
        var agent = NewAgent(services => services.AddAgentTool(() => "own", "own")
            .AddMcpTools(server => (server.Name, server.Url) = ("docs", docs.Url))
            .AddMcpTools(server => (server.Name, server.Url) = ("web", web.Url)));

        var results = await CallAsync(
            agent, ("docs_search", null), ("web_search", null), ("docs_read", null),
            ("web_ask_user", null), ("own", null), ("web_own", null));

        // The order on a server is the server's.
        Assert.Equal(["ask_user", "docs_read", "docs_search", "own", "web_ask_user", "web_own", "web_search"], Declared(0).Order());
        Assert.Equal(["\"of docs\"", "\"of web\"", "\"read\"", "\"asked\"", "\"own\"", "\"of web\""], results);
    }

    [Fact]
    public async Task ASlowToolIsAnErrorAfterTheServersTimeLimitAndIsCanceledThere()
    {
        var (called, canceled) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var server = await HttpMcpServer.StartAsync(Slow(called, canceled));
        Model.Enqueue(ModelTurn.Call("slow"), ModelTurn.Say("Done."));
        var running = AskAsync(NewAgent(Adding(server, options => options.TimeLimit = TimeSpan.FromSeconds(5))), "Go");
        await called.Task.WithinLimit("the tool is called");

        Time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(TaskState.Completed, (await running.WithinLimit("the run ends")).State);
        Assert.Equal(["""{"error":"The tool did not end within 5 s."}"""], Results(1));
        await canceled.Task.WithinLimit("the server cancels the tool");
    }

    [Fact]
    public async Task TheLimitOfTheAgentHoldsForToolsOfServersToo()
    {
        var (called, canceled) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var server = await HttpMcpServer.StartAsync(Slow(called, canceled));
        Model.Enqueue(ModelTurn.Call("slow"), ModelTurn.Say("Done."));
        var running = AskAsync(NewAgent(Adding(server), ("ToolTimeLimit", "00:00:07")), "Go");
        await called.Task.WithinLimit("the tool is called");

        Time.Advance(TimeSpan.FromSeconds(7));

        await running.WithinLimit("the run ends");
        Assert.Equal(["""{"error":"The tool did not end within 7 s."}"""], Results(1));
        await canceled.Task.WithinLimit("the server cancels the tool");
    }

    [Fact]
    public async Task ACanceledRunCancelsItsCalls()
    {
        var (called, canceled) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var server = await HttpMcpServer.StartAsync(Slow(called, canceled));
        Model.Enqueue(ModelTurn.Call("slow"));
        using var cancel = new CancellationTokenSource();
        var running = RunAsync(NewAgent(Adding(server)), accessToken: null, cancel.Token);
        await called.Task.WithinLimit("the tool is called");

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await canceled.Task.WithinLimit("the server cancels the tool");
    }

    [Fact]
    public async Task OnlyAServerWhoseSettingSaysSoGetsTheCallersToken()
    {
        await using var trusted = await HttpMcpServer.StartAsync(("whoami", () => "trusted"));
        await using var other = await HttpMcpServer.StartAsync(("whoami", () => "other"));
        var agent = NewAgent(services => services
            .Configure<Security.SecurityOptions>(security => security.ForwardAccessToken = true)
            .AddMcpTools(server => (server.Name, server.Url, server.ForwardAccessToken) = ("trusted", trusted.Url, true))
            .AddMcpTools(server =>
            {
                (server.Name, server.Url) = ("other", other.Url);
                server.Headers["X-Api-Key"] = "key";
            }));

        foreach (var token in new[] { "alice", "bob", null })
        {
            Model.Enqueue(ModelTurn.Call("trusted_whoami").Call("other_whoami"), ModelTurn.Say("Done."));
            await RunAsync(agent, token, CancellationToken.None);
        }

        Assert.Equal(
            ["Bearer alice", "Bearer bob", null],
            trusted.Requests.Select(request => request.Headers.GetValueOrDefault("Authorization")).Distinct());
        Assert.All(other.Requests, request => Assert.False(request.Headers.ContainsKey("Authorization")));
        Assert.All(other.Requests, request => Assert.Equal("key", request.Headers["X-Api-Key"]));
        Assert.All(trusted.Requests, request => Assert.False(request.Headers.ContainsKey("X-Api-Key")));
    }

    [Fact]
    public async Task AnAgentWithoutToolsConnectsNoServer()
    {
        await using var server = await HttpMcpServer.StartAsync(("one", () => 1));
        Model.Enqueue(ModelTurn.Say("Done."));

        await AskAsync(NewAgent(Adding(server), ("Tools", "false")), "Go");

        Assert.Empty(server.Requests);
    }

    /// <summary>A tool that ends only when it is canceled.</summary>
    private static (string Name, Delegate Method) Slow(TaskCompletionSource called, TaskCompletionSource canceled) =>
        ("slow", async (CancellationToken cancellationToken) =>
        {
            // Not disposed of: the delay may end first, and the end of this method would take the registration back.
            _ = cancellationToken.Register(() => canceled.TrySetResult());
            called.SetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
    );

    private static Action<IServiceCollection> Adding(HttpMcpServer server, Action<McpServerOptions>? configure = null) =>
        services => services.AddMcpTools(options =>
        {
            (options.Name, options.Url) = ("server", server.Url);
            configure?.Invoke(options);
        });

    private IEnumerable<string> Declared(int call) => Model.Calls[call].Options.Tools!.Select(tool => tool.Name);

    private List<string> Results(int call) => [.. Model.Calls[call].Messages.SelectMany(message => message.Contents)
        .OfType<FunctionResultContent>().Select(result => JsonSerializer.Serialize(result.Result, Contents.ChatJson.Options))];

    private Task<List<string>> CallAsync(HttpMcpServer server, params (string Name, object? Args)[] calls) =>
        CallAsync(NewAgent(Adding(server)), calls);

    /// <summary>The results of calls that the model makes together.</summary>
    private async Task<List<string>> CallAsync(ChatAgent agent, params (string Name, object? Args)[] calls)
    {
        Model.Enqueue(calls.Aggregate(ModelTurn.Empty, (turn, call) => turn.Call(call.Name, call.Args)), ModelTurn.Say("Done."));
        var task = await AskAsync(agent, "Go");
        Assert.Equal(TaskState.Completed, task.State);
        return Results(Model.Calls.Count - 1);
    }

    private static async Task RunAsync(ChatAgent agent, string? accessToken, CancellationToken cancellationToken)
    {
        var task = AgentContexts.Of(AgentContexts.User("m1", "Go")) with { AccessToken = accessToken };
        await foreach (var update in agent.RunAsync(task, cancellationToken))
            Assert.IsNotType<ServerlessA2A.Agents.FailUpdate>(update);
    }
}
