using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Bindings.Harness.Protocols;

namespace ServerlessA2A.Tests.Bindings;

/// <summary>Extensions that the program adds as code, over both bindings in both versions.</summary>
public sealed class CodedExtensionTests
{
    public static TheoryData<string> WireNames => [.. Wires.Names];

    [Theory]
    [MemberData(nameof(WireNames))]
    public async Task AnActiveOneAddsMetadataAndItsUriToMessagesAndToTheBeginOfArtifacts(string wireName)
    {
        var extension = new MarkingExtension();
        await using var host = await AgentHost.StartAsync(services => services.AddSingleton(extension).AddA2AExtension<MarkingExtension>());
        var wire = Wires.Of(wireName, host.Client);

        var asked = wire.TaskOf((await wire.AskAsync(Send(wire, "ask"))).Result);
        var chunks = wire.TaskOf((await wire.AskAsync(Send(wire, "chunks:3"))).Result);
        var failed = wire.TaskOf((await wire.AskAsync(Send(wire, "fail:broken"))).Result);

        AssertExtended(MessageOf(asked), "message of ask");
        AssertExtended(chunks.GetProperty("artifacts")[0], "artifact of chunks:3");
        AssertExtended(MessageOf(failed), "message of fail:broken");
        // The one with three chunks, and the echo behind it.
        Assert.Equal(2, extension.Artifacts);
    }

    [Theory]
    [MemberData(nameof(WireNames))]
    public async Task ARequestThatDoesNotNameItGetsNothingOfIt(string wireName)
    {
        await using var host = await AgentHost.StartAsync(services => services.AddA2AExtension<MarkingExtension>());
        var wire = Wires.Of(wireName, host.Client);

        var task = wire.TaskOf((await wire.AskAsync(wire.SendRequest("ask", new SendOptions()))).Result);

        var message = MessageOf(task);
        Assert.False(message.TryGetProperty("metadata", out _));
        Assert.False(message.TryGetProperty("extensions", out _));
    }

    [Theory]
    [MemberData(nameof(WireNames))]
    public async Task ItCanRejectARequestBeforeThereIsATask(string wireName)
    {
        await using var host = await AgentHost.StartAsync(services => services.AddA2AExtension<MarkingExtension>());
        var wire = Wires.Of(wireName, host.Client);

        var reply = await wire.AskAsync(Send(wire, "refuse"));

        Assert.Contains("message.parts[0].text", reply.Message, StringComparison.Ordinal);
        Assert.Equal("message.parts[0].text", reply.Field);
        var list = await new JsonRpcWire(host.Client).AskAsync(new JsonRpcWire(host.Client).ListRequest());
        Assert.Equal(0, list.Result.GetProperty("totalSize").GetInt32());
    }

    [Fact]
    public void TheCardDeclaresItAndSettingsReplaceItsDeclaration()
    {
        var options = new AgentCardOptions();
        options.Extensions.Add(new ExtensionOptions { Uri = "https://example.com/other" });
        IA2AExtension[] code = [new MarkingExtension()];
        Assert.Equal(
            [("https://example.com/other", null, false), (MarkingExtension.Name, "Marks.", false)],
            new AgentCards(Options.Create(options), code).Extensions.Select(each => (each.Uri!, each.Description, each.Required)));

        options.Extensions.Add(new ExtensionOptions { Uri = MarkingExtension.Name, Description = "Ours.", Required = true });
        var cards = new AgentCards(Options.Create(options), code);
        var declared = Assert.Single(cards.Extensions, each => each.Uri == MarkingExtension.Name);
        Assert.Equal(("Ours.", true), (declared.Description, declared.Required));
        Assert.Same(code[0], Assert.Single(cards.CodeOf([new ActiveExtension(MarkingExtension.Name)])));
    }

    [Fact]
    public async Task TwoWithOneUriStopTheStart()
    {
        var fault = await Assert.ThrowsAsync<OptionsValidationException>(() => AgentHost.StartAsync(services =>
            services.AddA2AExtension<MarkingExtension>().AddA2AExtension<MarkingExtension>()));
        Assert.Contains("AddA2AExtension must be absolute and unique", fault.Message, StringComparison.Ordinal);
    }

    private static HttpRequestMessage Send(Wire wire, string text) =>
        wire.SendRequest(text, new SendOptions()).With("A2A-Extensions", MarkingExtension.Name);

    /// <summary>HTTP+JSON 0.3 has another name for it.</summary>
    private static JsonElement MessageOf(JsonElement task) =>
        task.GetProperty("status") is var status && status.TryGetProperty("update", out var update) ? update
            : status.GetProperty("message");

    private static void AssertExtended(JsonElement extended, string expected)
    {
        Assert.Equal(expected, extended.GetProperty("metadata").GetProperty(MarkingExtension.Name).GetString());
        Assert.Equal(MarkingExtension.Name, Assert.Single(extended.GetProperty("extensions").EnumerateArray()).GetString());
    }

    /// <summary>Adds what it has seen, and of which request.</summary>
    private sealed class MarkingExtension : IA2AExtension
    {
        public const string Name = "https://example.com/marking/v1";

        public int Artifacts { get; private set; }

        public string Uri => Name;

        public string Description => "Marks.";

        public void Check(ExtensionRequest request)
        {
            if (request.Message.Parts[0].Text == "refuse")
                throw A2AException.InvalidParams("message.parts[0].text", "must not be refuse");
        }

        public JsonElement? MetadataFor(Message message, AgentContext run) => Mark("message", run);

        public JsonElement? MetadataFor(Artifact artifact, AgentContext run)
        {
            Artifacts++;
            return Mark("artifact", run);
        }

        private static JsonElement Mark(string what, AgentContext run) =>
            JsonSerializer.SerializeToElement(new Dictionary<string, string> { [Name] = $"{what} of {run.Text}" });
    }
}
