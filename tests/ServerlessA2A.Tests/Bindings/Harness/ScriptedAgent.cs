using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Messages;

namespace ServerlessA2A.Tests.Bindings.Harness;

/// <summary>Does what the message says: <c>verb:argument</c>.</summary>
public sealed class ScriptedAgent : IAgent
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _gates = [];

    public void Release(string gate) => Gate(gate).TrySetResult();

    public void ReleaseAll()
    {
        foreach (var gate in _gates.Values)
            gate.TrySetResult();
    }

    public async IAsyncEnumerable<AgentUpdate> RunAsync(AgentContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var script = context.Message.Parts[0].Text ?? "";
        var colon = script.IndexOf(':', StringComparison.Ordinal);
        var (verb, argument) = colon < 0 ? (script, "") : (script[..colon], script[(colon + 1)..]);
        switch (verb)
        {
            case "hold":
                await Gate(argument).Task.WaitAsync(cancellationToken);
                break;
            case "listen":
                var heard = await context.NewMessages.ReadAsync(cancellationToken);
                yield return AgentUpdate.Artifact("heard", heard.Parts[0].Text!);
                yield break;
            case "ask" when context.History.Count(message => message.Role == Role.User) == 1:
                yield return AgentUpdate.Ask("Which one?");
                yield break;
            case "reply":
                yield return AgentUpdate.Reply(argument);
                yield break;
            case "reply-after":
                await Gate(argument).Task.WaitAsync(cancellationToken);
                yield return AgentUpdate.Reply(argument);
                yield break;
            case "status-and-reply":
                yield return AgentUpdate.Report("busy");
                yield return AgentUpdate.Reply(argument);
                yield break;
            case "fail":
                yield return AgentUpdate.Fail(argument);
                yield break;
            case "chunks":
                for (var i = 0; i < int.Parse(argument, CultureInfo.InvariantCulture); i++)
                    yield return AgentUpdate.Append("text", string.Create(CultureInfo.InvariantCulture, $"chunk {i} "));
                break;
            case "long":
                yield return AgentUpdate.Artifact(
                    "long", string.Concat(Enumerable.Repeat("0123456789", int.Parse(argument, CultureInfo.InvariantCulture) / 10)));
                break;
            case "described":
                yield return AgentUpdate.Report([Described(Part.FromText("working"))]);
                yield return AgentUpdate.Artifact(
                    "described", Described(Part.FromText(argument)), Described(Part.FromUri("https://x.example/a", "text/plain")),
                    Described(Part.FromBytes(new byte[] { 1 }, "image/png")));
                break;
            case "skills":
                yield return AgentUpdate.Artifact("skills", string.Join(' ', context.AllowedSkills));
                break;
            case "callerId":
                yield return AgentUpdate.Artifact("callerId", context.Caller.Id);
                break;
            case "caller":
                var caller = context.Caller;
                yield return AgentUpdate.Artifact("caller", $$"""{"name":{{Json(caller.Name)}},"tenant":{{Json(caller.Tenant)}},"scheme":{{Json(caller.Scheme)}},"claims":{{Json(caller.Claims)}}}""");
                yield break;
            case "extensions":
                yield return AgentUpdate.Artifact("extensions", $"[{string.Join(',', context.Extensions.Select(extension => $$"""{"uri":{{Json(extension.Uri)}},"params":{{Json(extension.Params)}}}"""))}]");
                yield break;
            case "data":
                yield return AgentUpdate.Artifact("data", Part.FromData(JsonDocument.Parse(argument).RootElement));
                break;
        }

        yield return AgentUpdate.Artifact("echo", script);
        yield return AgentUpdate.Complete();
    }

    private static string Json(string? text) => text is null ? "null" : $"\"{text}\"";

    private static string Json(JsonElement? json) => json?.GetRawText() ?? "null";

    private static Part Described(Part part) => part with { Metadata = JsonElement.Parse("""{"m":1}""") };

    private TaskCompletionSource Gate(string name) =>
        _gates.GetOrAdd(name, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
