using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Bindings.Harness.Protocols;

namespace ServerlessA2A.Tests.Bindings.Grpc;

/// <summary>The same conversation over every binding leaves the same tasks, and is answered with the same words.</summary>
public sealed class EquivalenceTests
{
    [Fact]
    public async Task AConversationIsTheSameOverAllBindings()
    {
        var conversations = new List<string>();
        foreach (var name in (string[])["JSON-RPC 1.0", "HTTP+JSON 1.0", "gRPC 1.0"])
        {
            await using var host = await AgentHost.StartAsync();
            conversations.Add(await HoldAsync(Wires.Of(name, host.Client)));
        }

        Assert.All(conversations, conversation => Assert.Equal(conversations[0], conversation));
        Assert.Contains("TASK_STATE_INPUT_REQUIRED", conversations[0], StringComparison.Ordinal);
        Assert.Contains("artifactUpdate", conversations[0], StringComparison.Ordinal);
    }

    private static async Task<string> HoldAsync(Wire wire)
    {
        var said = new Script();
        var options = new SendOptions { ContextId = "context" };
        var asked = said.Add((await wire.AskAsync(wire.SendRequest("ask", options with { MessageId = "m-1" }))).Result);
        var taskId = wire.TaskOf(asked).GetProperty("id").GetString()!;
        said.Add((await wire.AskAsync(wire.SendRequest("echo:this", options with { MessageId = "m-2", TaskId = taskId }))).Result);
        using (var stream = await wire.StreamAsync("chunks:3", options with { MessageId = "m-3" }))
        {
            foreach (var item in await stream.ReadToEndAsync())
                said.Add(wire.EventOf(item.Json).Content, wire.EventOf(item.Json).Kind);
        }

        said.Add((await wire.AskAsync(wire.SendRequest("fail:broken", options with { MessageId = "m-4" }))).Result);
        said.Add((await wire.AskAsync(wire.CreateConfigRequest(taskId, "https://example.com/hook", "hook"))).Result);
        said.Add((await wire.AskAsync(wire.ListConfigsRequest(taskId))).Result);
        said.Add((await wire.AskAsync(wire.GetRequest(taskId, "1"))).Result);
        said.Add((await wire.AskAsync(wire.ListRequest(("contextId", "\"context\""), ("includeArtifacts", "true")))).Result);
        foreach (var request in new[] { wire.CancelRequest(taskId), wire.GetRequest("unknown"), wire.GetRequest(taskId, "-1") })
            said.Add((await wire.AskAsync(request)).Details);
        return said.ToString();
    }

    /// <summary>What was answered, with ids by the order of their appearance, and without times.</summary>
    private sealed class Script
    {
        private readonly List<string> _lines = [];
        private readonly Dictionary<string, string> _names = [];

        public JsonElement Add(JsonElement answer, string what = "")
        {
            _lines.Add($"{what} {Normal(JsonNode.Parse(answer.GetRawText()))?.ToJsonString()}");
            return answer;
        }

        public override string ToString() => string.Join('\n', _lines);

        /// <summary>Tasks that changed in the same millisecond are listed by their ids, which are random.</summary>
        private JsonArray ByAppearance(JsonNode? tasks) => new([.. tasks!.AsArray()
            .OrderBy(task => _names.GetValueOrDefault($"{task!["id"]}"), StringComparer.Ordinal).Select(task => task!.DeepClone())]);

        private JsonNode? Normal(JsonNode? json) => json switch
        {
            JsonObject members => new JsonObject(members.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member =>
                KeyValuePair.Create(member.Key, Normal(member.Key == "tasks" ? ByAppearance(member.Value) : member.Value)))),
            JsonArray items => new JsonArray([.. items.Select(Normal)]),
            JsonValue value when value.TryGetValue<string>(out var text) && Guid.TryParse(text, out _) =>
                JsonValue.Create(_names.TryGetValue(text, out var known) ? known : _names[text] = $"#{_names.Count}"),
            JsonValue value when value.TryGetValue<string>(out var text) && DateTimeOffset.TryParse(text, out _) =>
                JsonValue.Create("#time"),
            _ => json?.DeepClone(),
        };
    }
}
