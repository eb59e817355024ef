using System.Text.Json;

namespace Evaluation;

/// <summary>A conversation with the answers that the agent should give.</summary>
public sealed record Conversation(string Name, IReadOnlyList<Turn> Turns)
{
    /// <summary>The conversations of <c>conversations.json</c>.</summary>
    public static IReadOnlyList<Conversation> ReadAll() => JsonSerializer.Deserialize<IReadOnlyList<Conversation>>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "conversations.json")), JsonSerializerOptions.Web)!;
}

/// <summary>A message of the user, and the answer that is expected. Its words count, not their order.</summary>
public sealed record Turn(string User, string Expected);
