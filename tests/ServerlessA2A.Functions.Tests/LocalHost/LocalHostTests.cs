using System.Net;
using System.Net.Sockets;
using Google.Cloud.Functions.Framework;
using Grpc.Net.Client;
using ServerlessA2A.Functions.Tests.Support;
using ServerlessA2A.Grpc.V1;
using ServerlessA2A.Tests.Support;
using Task = System.Threading.Tasks.Task;

namespace ServerlessA2A.Functions.Tests.LocalHost;

public class LocalHostTests
{
    /// <summary>Less than the 30 s after which a host ends with requests still open.</summary>
    private static readonly TimeSpan Promptly = TimeSpan.FromSeconds(25);

    [Fact]
    public async Task EachFunctionIsPrintedWithItsTriggerAndAddress()
    {
        await using var program = RunningProgram.Start(Programs.Agent);
        var address = (await program.AddressAsync()).AbsoluteUri;
        await program.StopAsync();

        Assert.Contains(
            program.Output, line => IsFunction(line, nameof(AgentCardFunction), "[GET]", address + ".well-known/agent-card.json"));
        Assert.Contains(program.Output, line => IsFunction(line, nameof(MessageFunction), "[GET,POST,DELETE]", address));
        Assert.Contains(program.Output, line => IsFunction(line, nameof(RunTaskFunction), "[Pub/Sub]", "a2a-tasks"));
        foreach (var function in typeof(A2AFunctions).Assembly.GetExportedTypes().Where(IsFunction))
            Assert.Contains(program.Output, line => line.TrimStart().StartsWith(function.Name + ":", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("A2A__Tasks__Store", "InMemory", "in memory")]
    [InlineData("A2A__GoogleCloud__ProjectId", "somebodys",
        "in Firestore. Pub/Sub delivers to the deployed functions, not to this process.")]
    public async Task WhereTasksAreKeptIsPrinted(string variable, string value, string told)
    {
        await using var program = RunningProgram.Start(Programs.Agent, target: null, (variable, value));
        await program.AddressAsync();

        Assert.Equal(0, await program.StopAsync());

        Assert.Contains(program.Output, line => line.StartsWith("Tasks are kept " + told, StringComparison.Ordinal));
        Assert.Empty(program.Errors);
    }

    [Fact]
    public async Task NothingButTheFunctionsIsPrintedAtStart()
    {
        await using var program = RunningProgram.Start(Programs.Agent);
        await program.AddressAsync();

        Assert.Equal(0, await program.StopAsync());

        Assert.DoesNotContain(
            program.Output, line =>
            line.StartsWith("info:", StringComparison.Ordinal) || line.StartsWith("warn:", StringComparison.Ordinal));
        Assert.Empty(program.Errors);
    }

    [Fact]
    public async Task TheUrlsArgumentChoosesTheAddress()
    {
        var port = FreePort.Find();
        await using var program = RunningProgram.Start(Programs.Agent, ["--urls", $"http://127.0.0.1:{port}"]);

        Assert.Equal($"http://127.0.0.1:{port}/", (await program.AddressAsync()).AbsoluteUri);
        Assert.True(await AnswersAsync($"http://127.0.0.1:{port}/"));
    }

    [Theory]
    [InlineData]
    [InlineData("--verbose")]
    public async Task TheGrpcPortArgumentServesGrpcWhichTheCardAndTheBannerName(params string[] more)
    {
        var port = FreePort.Find();
        await using var program = RunningProgram.Start(
            Programs.Agent, ["--urls", "http://127.0.0.1:0", "--grpc-port", $"{port}", .. more]);
        using var http = new HttpClient { BaseAddress = await program.AddressAsync() };
        using var channel = GrpcChannel.ForAddress($"http://localhost:{port}");

        var reply = await new A2AService.A2AServiceClient(channel).SendMessageAsync(new()
        {
            Message = new() { MessageId = "m", Role = Role.User, Parts = { new Part { Text = "hello" } } },
        });
        Assert.Equal(TaskState.Completed, reply.Task.Status.State);
        var task = await http.GetStringAsync(new Uri($"tasks/{reply.Task.Id}", UriKind.Relative));
        Assert.Contains("TASK_STATE_COMPLETED", task, StringComparison.Ordinal);
        var card = await http.GetStringAsync(new Uri(".well-known/agent-card.json", UriKind.Relative));
        Assert.Contains(
            $$"""{"url":"localhost:{{port}}","protocolBinding":"GRPC","protocolVersion":"1.0"}""", card, StringComparison.Ordinal);
        Assert.Equal(0, await program.StopAsync());
        Assert.Contains(program.Output, line => line.Trim() == $"[gRPC] localhost:{port}");
        Assert.Contains(program.Output, line => line.StartsWith($"SendMessage {reply.Task.Id} COMPLETED", StringComparison.Ordinal));
        Assert.Empty(program.LoggedErrors);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("65536")]
    [InlineData("grpc")]
    public async Task AGrpcPortThatIsNoPortStopsTheStart(string port)
    {
        await using var program = RunningProgram.Start(Programs.Agent, ["--urls", "http://127.0.0.1:0", $"--grpc-port={port}"]);

        Assert.Equal(1, await program.ExitAsync());
        Assert.Equal([$"--grpc-port is '{port}': set a number from 1 to 65535."], program.Errors);
    }

    [Fact]
    public async Task ThePortVariableChoosesThePort()
    {
        var port = FreePort.Find();
        await using var program = RunningProgram.Start(Programs.Agent, arguments: [], ("PORT", $"{port}"));

        Assert.Equal(port, (await program.AddressAsync()).Port);
        Assert.True(await AnswersAsync($"http://localhost:{port}/"));
    }

    [Fact]
    public async Task ThePortIs8080UnlessSet()
    {
        // Nobody is to find the program on a port that others use: it is taken, and the program says which one it wanted.
        using var taken = TryListen(8080);
        await using var program = RunningProgram.Start(Programs.Agent, arguments: []);

        Assert.NotEqual(0, await program.ExitAsync());

        Assert.Contains(program.Errors, line => line.Contains(":8080", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ABusyPortIsToldInOneLine()
    {
        using var taken = TryListen(0)!;
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await using var program = RunningProgram.Start(Programs.Agent, ["--urls", $"http://127.0.0.1:{port}"]);

        Assert.NotEqual(0, await program.ExitAsync());

        var line = Assert.Single(program.Errors);
        Assert.Contains($":{port}", line, StringComparison.Ordinal);
        Assert.Contains("PORT=", line, StringComparison.Ordinal);
        Assert.Empty(program.Output);
    }

    [Fact]
    public async Task AllFaultsOfTheSettingsAreToldAtOnceAndNothingIsServed()
    {
        await using var program = RunningProgram.Start(
            Programs.Agent,
            target: null,
            ("A2A__Tasks__WorkLimit", "00:00:00"),
            ("A2A__Limits__OpenStreams", "-1"),
            ("A2A__Http__CardVersion", "2.0"),
            ("A2A__Agent__PublicUrl", "not an address"));

        Assert.NotEqual(0, await program.ExitAsync());

        foreach (var setting in (string[])["A2A:Tasks:WorkLimit", "A2A:Limits:OpenStreams", "A2A:Http:CardVersion", "A2A:Agent:PublicUrl"])
        {
            var variable = setting.Replace(":", "__", StringComparison.Ordinal);
            Assert.True(
                program.Errors.Any(line => line.Contains(setting, StringComparison.Ordinal) &&
                line.Contains(variable, StringComparison.Ordinal)),
                $"{setting} is not told.\n{program}");
        }

        Assert.DoesNotContain(program.Errors, line => line.StartsWith("   at ", StringComparison.Ordinal));
        Assert.Empty(program.Output);
    }

    [Theory]
    [InlineData("PORT", "abc", "PORT is 'abc'")]
    [InlineData("PORT", "99999", "PORT is '99999'")]
    [InlineData("ASPNETCORE_URLS", "nonsense", "'nonsense'")]
    [InlineData("A2A__Limits__OpenStreams", "abc", "'abc' at 'A2A:Limits:OpenStreams'")]
    [InlineData("A2A__Tasks__RunTimeLimit", "soon", "'soon' at 'A2A:Tasks:RunTimeLimit'")]
    [InlineData("A2A__Tasks__Store", "Redis", "is 'Redis'")]
    [InlineData("FIRESTORE_EMULATOR_HOST", "127.0.0.1:1", "PUBSUB_EMULATOR_HOST is not")]
    [InlineData("K_SERVICE", "message", "A2A__GoogleCloud__ProjectId")]
    public async Task ASettingThatCannotBeReadIsToldInOneLineAndNothingIsServed(string variable, string value, string told)
    {
        await using var program = RunningProgram.Start(
            Programs.Agent, arguments: [], ("A2A__Security__Identity__0", "none"), (variable, value));

        Assert.NotEqual(0, await program.ExitAsync());

        Assert.Contains(told, Assert.Single(program.Errors), StringComparison.Ordinal);
        Assert.Empty(program.Output);
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task ItEndsCleanlyWhenToldTo(string signal)
    {
        await using var program = RunningProgram.Start(Programs.Agent);
        await program.AddressAsync();

        await program.SignalAsync(signal);

        Assert.Equal(0, await program.ExitAsync(Promptly));
        Assert.Empty(program.LoggedErrors);
    }

    [Fact]
    public async Task CtrlCEndsItCleanlyWhileATaskStreams()
    {
        await using var program = RunningProgram.Start(Programs.Agent);
        using var client = new HttpClient { BaseAddress = await program.AddressAsync() };
        using var request = new HttpRequestMessage(
            HttpMethod.Post, "/")
        { Content = Requests.Json(Requests.Send("slow", method: "SendStreamingMessage")) };
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var events = new StreamReader(await response.Content.ReadAsStreamAsync());
        for (var line = await events.ReadLineAsync(); !line!.Contains(
            "artifactUpdate", StringComparison.Ordinal); line = await events.ReadLineAsync())
        {
        }

        await program.SignalAsync("INT");

        Assert.Equal(0, await program.ExitAsync(Promptly));
        Assert.Empty(program.LoggedErrors);
        Assert.Empty(program.Errors);
    }

    private static bool IsFunction(string line, string name, string trigger, string address) =>
        line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var first, var second, var third] &&
            (first, second, third) == (name + ":", trigger, address);

    private static bool IsFunction(Type type) =>
        type.IsAssignableTo(typeof(IHttpFunction)) || type.IsAssignableTo(typeof(ICloudEventFunction));

    private static async Task<bool> AnswersAsync(string address)
    {
        using var client = new HttpClient();
        using var response = await client.GetAsync(new Uri(address + ".well-known/agent-card.json"));
        return response.IsSuccessStatusCode;
    }

    /// <summary>Takes a port of the loopback address; null where somebody has it already.</summary>
    private static TcpListener? TryListen(int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return listener;
        }
        catch (SocketException)
        {
            listener.Dispose();
            return null;
        }
    }
}
