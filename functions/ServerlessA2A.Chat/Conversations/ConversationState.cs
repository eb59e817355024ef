using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using ServerlessA2A.Agents;
using ServerlessA2A.Chat.Contents;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Messages;

namespace ServerlessA2A.Chat.Conversations;

/// <summary>
/// The stored form of a conversation. It refers to the client's messages and generated media, which the task has already, so that
/// checkpoints stay small.
/// </summary>
internal sealed record ConversationState(
    IReadOnlyList<ChatMessage> Messages, IReadOnlyDictionary<string, string> Answers, UsageTotals Usage, int Turns, bool BreaksOff,
    Sources? Sources = null, IReadOnlyDictionary<string, string>? Progress = null, IReadOnlyDictionary<string, int>? AnswerCounts = null,
    IReadOnlyCollection<string>? Asking = null)
{
    /// <summary>The key of a medium's additional property with the id of its artifact.</summary>
    public const string ArtifactId = "artifactId";

    /// <summary>The key of a message's additional property: the client answers a tool, and the text is in the tool's result.</summary>
    public const string AnswersTool = "answersTool";

    /// <summary>
    /// The key of a message's additional property: a hash of the client's message, if others have the same id
    /// (<c>A2A:Tasks:DetectDuplicates</c> is off). The position in the history is not sufficient: a message that crossed a question
    /// precedes the answer and may be read after it.
    /// </summary>
    private const string ContentHash = "contentHash";

    /// <summary>
    /// The name of the version. The loop was the Gemini agent's once, and checkpoints of that time must stay readable.
    /// </summary>
    private const string VersionName = "gemini";

    private const int Version = 1;
    private const string ArtifactScheme = "artifact";

    /// <summary>An empty conversation.</summary>
    public static ConversationState Empty { get; } = new(
        [], new Dictionary<string, string>(), new UsageTotals(), Turns: 0, BreaksOff: false, Asking: []);

    private static JsonSerializerOptions Json => ChatJson.Options;

    /// <summary>Reads a checkpoint; null if it is of another version or another agent.</summary>
    /// <exception cref="JsonException">The checkpoint is damaged, or of another agent.</exception>
    public static ConversationState? Read(ReadOnlyMemory<byte> checkpoint, AgentContext task, Files files)
    {
        using var json = JsonDocument.Parse(checkpoint);
        var root = json.RootElement;
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty(VersionName, out var version) ||
            version.ValueKind != JsonValueKind.Number ||
            !version.TryGetInt32(out var number) || number != Version)
            return null;
        try
        {
            return Read(root, task, files);
        }
        catch (Exception damaged) when (
            damaged is KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException or NotSupportedException)
        {
            throw new JsonException("The checkpoint lacks something.", damaged);
        }
    }

    /// <summary>Writes the checkpoint.</summary>
    public ReadOnlyMemory<byte> Write()
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, ProtocolJson.WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteNumber(VersionName, Version);
            writer.WritePropertyName("messages");
            var repeated = Messages.Where(message => message.MessageId is not null).GroupBy(message => message.MessageId)
                .Where(same => same.Count() > 1).Select(same => same.Key).ToHashSet();
            JsonSerializer.Serialize(
                writer, Messages.Select(message => Reduce(message, repeated.Contains(message.MessageId))).ToList(), Json);
            writer.WritePropertyName("answers");
            JsonSerializer.Serialize(writer, new Dictionary<string, string>(Answers), Json);
            writer.WriteStartObject("usage");
            writer.WriteNumber("input", Usage.Input);
            writer.WriteNumber("output", Usage.Output);
            writer.WriteNumber("thinking", Usage.Thinking);
            writer.WriteNumber("calls", Usage.Calls);
            writer.WriteString("model", Usage.Model);
            writer.WriteEndObject();
            writer.WriteNumber("turns", Turns);
            writer.WriteBoolean("breaksOff", BreaksOff);
            if (Progress is { Count: > 0 })
            {
                writer.WritePropertyName("progress");
                JsonSerializer.Serialize(writer, new Dictionary<string, string>(Progress), Json);
            }

            if (AnswerCounts is { Count: > 0 })
            {
                writer.WritePropertyName("answerCounts");
                JsonSerializer.Serialize(writer, new Dictionary<string, int>(AnswerCounts), Json);
            }

            if (Asking is not null)
            {
                writer.WritePropertyName("asking");
                JsonSerializer.Serialize(writer, Asking.Order().ToList(), Json);
            }

            if (Sources?.ToJson() is { } sources)
            {
                writer.WritePropertyName("answerSources");
                sources.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static ConversationState Read(JsonElement root, AgentContext task, Files files)
    {
        var messages = root.GetProperty("messages").Deserialize<List<ChatMessage>>(Json) ??
            throw new JsonException("There are no messages.");
        var sent = task.History.ToList();
        foreach (var message in messages)
        {
            ArgumentNullException.ThrowIfNull(message);
            if (message.MessageId is not null)
                message.RawRepresentation = Take(sent, message);
            message.Contents = Restore(message, isFirst: message == messages[0], task, files);
        }

        var usage = root.GetProperty("usage");
        return new ConversationState(
            messages,
            root.GetProperty("answers").Deserialize<Dictionary<string, string>>(Json) ?? [],
            new UsageTotals(
                Number("input"), Number("output"), Number("thinking"), (int)Number("calls"), usage.GetProperty("model").GetString()),
            root.GetProperty("turns").GetInt32(),
            root.GetProperty("breaksOff").GetBoolean(),
            root.TryGetProperty("answerSources", out var sources) ? Sources.Read(JsonObject.Create(sources.Clone())) : null,
            root.TryGetProperty("progress", out var progress) ? progress.Deserialize<Dictionary<string, string>>(Json) : null,
            root.TryGetProperty("answerCounts", out var counts) ? counts.Deserialize<Dictionary<string, int>>(Json) : null,
            root.TryGetProperty("asking", out var asking) ? asking.Deserialize<List<string>>(Json) : null);

        long Number(string name) => usage.GetProperty(name).GetInt64();
    }

    private static ChatMessage Reduce(ChatMessage message, bool isRepeated)
    {
        if (message.MessageId is null)
            return new ChatMessage(message.Role, [.. message.Contents.Select(Reduce)]);
        var reduced = new ChatMessage(message.Role, [])
        {
            MessageId = message.MessageId,
            AdditionalProperties = message.AdditionalProperties,
        };
        if (isRepeated && message.RawRepresentation is Message sent)
            reduced.AdditionalProperties = new(message.AdditionalProperties ?? []) { [ContentHash] = HashOf(sent) };
        return reduced;
    }

    private static AIContent Reduce(AIContent content) =>
        content is DataContent data && data.AdditionalProperties?.GetValueOrDefault(ArtifactId) is string id
            ? new UriContent($"{ArtifactScheme}:{Uri.EscapeDataString(id)}", data.MediaType)
            {
                AdditionalProperties = data.AdditionalProperties,
            }
        : content;

    /// <summary>
    /// Takes the client's message from the remaining ones; null if the task has lost it. Ids need not be unique: among messages with the
    /// same id the content decides. Checkpoints of earlier versions have no hash and hold only the first of such messages.
    /// </summary>
    private static Message? Take(List<Message> sent, ChatMessage message)
    {
        var same = sent.Where(one => one.MessageId == message.MessageId).OrderBy(one => one.Role != Role.User).ToList();
        var hash = same.Count > 1 ? message.AdditionalProperties?.GetValueOrDefault(ContentHash)?.ToString() : null;
        var found = same.Find(one => hash is not null && HashOf(one) == hash) ?? same.FirstOrDefault();
        sent.RemoveAll(one => ReferenceEquals(one, found));
        return found;
    }

    private static string HashOf(Message message) => Convert.ToHexStringLower(SHA256.HashData(ProtocolJson.Write(message)));

    private static List<AIContent> Restore(ChatMessage message, bool isFirst, AgentContext task, Files files)
    {
        if (message.MessageId is null)
            return [.. message.Contents.Select(content => Restore(content, task)).OfType<AIContent>()];
        if (message.RawRepresentation is not Message sent)
            return [];
        var answersTool = message.AdditionalProperties?.ContainsKey(AnswersTool) == true;
        // Unreadable parts were reported when the message arrived.
        var contents = MessageContents.Of(sent, answersTool, files, reason => { if (isFirst) throw reason; });
        if (answersTool)
            contents.RemoveAll(MessageContents.IsSaid);
        return contents;
    }

    /// <summary>Properties that were read from JSON are JSON; media are looked up in the task's artifacts.</summary>
    private static AIContent? Restore(AIContent content, AgentContext task)
    {
        foreach (var (name, value) in content.AdditionalProperties?.ToList() ?? [])
        {
            if (value is JsonElement { ValueKind: JsonValueKind.String } text)
                content.AdditionalProperties![name] = text.GetString();
        }

        if (content is FunctionResultContent { Result: JsonElement { ValueKind: JsonValueKind.String } said } result)
            result.Result = said.GetString();
        if (content is not UriContent { Uri.Scheme: ArtifactScheme } medium)
            return content;
        var id = Uri.UnescapeDataString(medium.Uri.OriginalString[(ArtifactScheme.Length + 1)..]);
        var artifact = task.Artifacts.FirstOrDefault(each => each.ArtifactId == id);
        var bytes = artifact?.Parts.FirstOrDefault(part => part.Raw is not null)?.Raw;
        return bytes is { } found ? new DataContent(found, medium.MediaType) { AdditionalProperties = medium.AdditionalProperties } : null;
    }
}
