using System.Net;
using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Bindings.Harness.Protocols;

namespace ServerlessA2A.Tests.Bindings;

/// <summary>
/// The names of kinds of parts in the place of media types, as older versions of the protocol taught them and the official command-line
/// client sends them.
/// </summary>
public sealed class OutputModeTests
{
    public static TheoryData<string> WireNames => [.. Wires.Names];

    [Theory]
    [MemberData(nameof(WireNames))]
    public async Task AClientMayNameKindsOfPartsItAccepts(string wireName)
    {
        await using var host = await AgentHost.StartAsync();
        var wire = Wires.Of(wireName, host.Client);

        foreach (var modes in (string[])["\"text\"", "\"TEXT\"", "\"image\",\"Text\"", "\"file\"", "\"nonsense\",\"text/*\""])
            Assert.Equal((modes, null), (modes, (await wire.AskAsync(Accepting(wire, modes))).ErrorCode));
        foreach (var modes in (string[])["\"image\"", "\"json\"", "\"AUDIO\",\"video\"", "\"nonsense\""])
            Assert.Equal((modes, "CONTENT_TYPE_NOT_SUPPORTED"), (modes, (await wire.AskAsync(Accepting(wire, modes))).Reason));
    }

    [Theory]
    [MemberData(nameof(WireNames))]
    public async Task TheAgentIsToldTheirMediaTypes(string wireName)
    {
        await using var host = await AgentHost.StartAsync();
        var wire = Wires.Of(wireName, host.Client);

        var reply = await wire.AskAsync(Accepting(wire, "\"text\",\"Image\",\"application/pdf\""));

        var taskId = wire.TaskOf(reply.Result).GetProperty("id").GetString()!;
        var task = await host.Store.ReadAsync(owner: null, taskId, CancellationToken.None);
        Assert.Equal(["text/plain", "text/*", "image/*", "application/pdf"], task!.AcceptedOutputModes!);
    }

    [Fact]
    public async Task TheSettingsTakeThemAndTheCardNamesTheirMediaTypes()
    {
        await using var host = await AgentHost.StartAsync(
            ("Agent:InputModes:0", "Text"), ("Agent:InputModes:1", "image"), ("Agent:OutputModes:0", "json"),
            ("Agent:Skills:0:Id", "s"), ("Agent:Skills:0:Name", "s"),
            ("Agent:Skills:0:InputModes:0", "audio"), ("Agent:Skills:0:OutputModes:0", "file"));

        var (_, card) = await host.Client.ExchangeAsync("GET", "/.well-known/agent-card.json");
        var (response, _) = await host.Client.ExchangeAsync(
            "POST",
            "/message:send",
            """
            {"message":{"messageId":"m","role":"ROLE_USER",
            "parts":[{"text":"echo:x"},{"raw":"AA==","mediaType":"image/png"},{"raw":"AA==","mediaType":"audio"}]}}
            """);

        Assert.Equal("""["text/plain","text/*","image/*"]""", card.Json().GetProperty("defaultInputModes").GetRawText());
        Assert.Equal("""["application/json"]""", card.Json().GetProperty("defaultOutputModes").GetRawText());
        Assert.Equal("""["audio/*"]""", card.Json().GetProperty("skills")[0].GetProperty("inputModes").GetRawText());
        Assert.Equal("""["*/*"]""", card.Json().GetProperty("skills")[0].GetProperty("outputModes").GetRawText());
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private static HttpRequestMessage Accepting(Wire wire, string modes) =>
        wire.SendRequest("echo:x", new SendOptions())
            .Changed("\"configuration\":{", $"\"configuration\":{{\"acceptedOutputModes\":[{modes}],");
}
