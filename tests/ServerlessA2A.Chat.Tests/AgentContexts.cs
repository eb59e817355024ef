using System.Text;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Messages;

namespace ServerlessA2A.Chat.Tests;

/// <summary>Tasks and messages as the engine gives them to an agent.</summary>
internal static class AgentContexts
{
    /// <summary>A task of these messages.</summary>
    public static AgentContext Of(params IReadOnlyList<Message> history) => new()
    {
        TaskId = "t",
        ContextId = "c",
        Message = history[^1],
        History = history,
    };

    /// <summary>A task for a client that takes these media types.</summary>
    public static AgentContext Accepting(params string[] mediaTypes) => Of(User("m1", "Hi")) with { AcceptedOutputModes = mediaTypes };

    public static Message User(string id, string text) => User(id, Part.FromText(text));

    public static Message User(string id, params Part[] parts) => new() { MessageId = id, Role = Role.User, Parts = parts };

    public static Message Agent(string id, string text) => new() { MessageId = id, Role = Role.Agent, Parts = [Part.FromText(text)] };

    public static Artifact Artifact(string id, params Part[] parts) => new() { ArtifactId = id, Parts = parts };

    public static Part Bytes(string mediaType, string text = "bytes", string? name = null) =>
        Part.FromBytes(Encoding.UTF8.GetBytes(text), mediaType, name);
}
