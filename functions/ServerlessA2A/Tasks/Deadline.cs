using System.Text.Json;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Json.Fields;
using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.Tasks;

/// <summary>
/// The time by which a client wants its message answered: a member of the request's metadata. A task that is SUBMITTED or WORKING at that
/// time fails. An interrupted task does not: the agent has answered, and the client's next message may set another deadline.
/// </summary>
internal static class Deadline
{
    /// <summary>The member's name. Its value is an RFC 3339 timestamp, such as <c>2026-01-31T12:00:00Z</c>.</summary>
    public const string Key = "serverlessa2a.deadline";

    /// <summary>The deadline of the message that a task works on; null if its client set none.</summary>
    public static DateTimeOffset? Of(TaskSnapshot task) => TryRead(task.RequestMetadata, out var deadline) ? deadline : null;

    /// <summary>Rejects metadata with a deadline that is not a timestamp. A deadline that has passed already is accepted.</summary>
    /// <exception cref="A2AException">InvalidParams.</exception>
    public static void Check(JsonElement? metadata)
    {
        if (!TryRead(metadata, out _))
            throw A2AException.InvalidParams($"metadata.{Key}", "must be an RFC 3339 timestamp, such as 2026-01-31T12:00:00Z");
    }

    /// <summary>The metadata without a deadline.</summary>
    public static JsonElement? Remove(JsonElement? metadata)
    {
        if (metadata is not { ValueKind: JsonValueKind.Object } members || !members.TryGetProperty(Key, out _))
            return metadata;
        // Copied as they are: a JsonObject rejects names that are there twice, which JSON allows.
        return JsonElement.Parse(ProtocolJson.ObjectBytes(writer =>
        {
            foreach (var member in members.EnumerateObject().Where(member => !member.NameEquals(Key)))
                writer.WriteFree(member);
        }).Span);
    }

    /// <summary>The reason that the client reads.</summary>
    public static string Missed(DateTimeOffset deadline) =>
        $"The task was not done by the deadline of its request, {deadline.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.FFF'Z'}.";

    private static bool TryRead(JsonElement? metadata, out DateTimeOffset? deadline)
    {
        deadline = null;
        if (metadata is not { ValueKind: JsonValueKind.Object } members || !members.TryGetProperty(Key, out var member) ||
            member.ValueKind == JsonValueKind.Null)
            return true;
        try
        {
            if (member.ValueKind != JsonValueKind.String || !ProtoTimestamp.TryParse(member.GetString(), out var moment))
                return false;
            deadline = moment;
            return true;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, which is not text.
            return false;
        }
    }
}
