using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.PushNotifications;
using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.Tests.Protocol;

/// <summary>
/// Random messages of 1.0 that are valid, small and full of what tends to break: odd numbers, escapes, underscores, empty and absent
/// values.
/// </summary>
internal static class Generate
{
    private static readonly string[] Names = ["a", "context_id", "taskId", "value", "data", "metadata", "", "é_x", "a b", "\\u0061_b",
        "x/y"];
    private static readonly string[] Scalars =
    [
        "null", "true", "false", "0", "1", "1.0", "-0.0", "1E+2", "12345678901234567890123", "0.1000", "\"\"", "\"a_b\"", "\"\\u00e9\\n\"",
        "\"é漢😀\"", "\"\\/\"",
    ];

    private static readonly string[] Texts = ["a", "b_c", "é漢😀", "\"\\\n", " ", "0"];

    /// <summary>The text of any JSON value.</summary>
    public static Gen<string> Json { get; } = Gen.Sized(size => JsonOf(Math.Min(size, 4)));

    /// <summary>The text of any JSON object.</summary>
    public static Gen<string> JsonObject { get; } = Gen.Sized(size => ObjectOf(Math.Min(size, 4)));

    public static Gen<string> Text { get; } = Gen.Elements(Texts);

    public static Gen<JsonElement?> Metadata { get; } = Optional(JsonObject.Select(Parse));

    public static Gen<Part> Part { get; } =
        from kind in Gen.Choose(0, 3)
        from text in Gen.Elements([.. Texts, ""])
        from bytes in Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf()
        from data in Json
        from metadata in Metadata
        from filename in OptionalText
        from mediaType in OptionalText
        let part = kind switch
        {
            0 => ServerlessA2A.Protocol.Messages.Part.FromText(text),
            1 => ServerlessA2A.Protocol.Messages.Part.FromBytes(bytes),
            2 => ServerlessA2A.Protocol.Messages.Part.FromUri($"https://x.example/{text}"),
            _ => ServerlessA2A.Protocol.Messages.Part.FromData(Parse(data)),
        }
        select part with { Metadata = metadata, Filename = filename, MediaType = mediaType };

    public static Gen<Message> Message { get; } =
        from id in Text
        from context in OptionalText
        from task in OptionalText
        from role in Gen.Elements(Role.User, Role.Agent)
        from parts in List(Part)
        from metadata in Metadata
        from extensions in Optional(NonEmpty(Text))
        from references in Optional(NonEmpty(Text))
        select new Message
        {
            MessageId = id,
            ContextId = context,
            TaskId = task,
            Role = role,
            Parts = parts,
            Metadata = metadata,
            Extensions = extensions,
            ReferenceTaskIds = references,
        };

    public static Gen<Artifact> Artifact { get; } =
        from id in Text
        from name in OptionalText
        from description in OptionalText
        from parts in List(Part)
        from metadata in Metadata
        from extensions in Optional(NonEmpty(Text))
        select new Artifact
        {
            ArtifactId = id,
            Name = name,
            Description = description,
            Parts = parts,
            Metadata = metadata,
            Extensions = extensions
        };

    public static Gen<A2ATaskStatus> Status { get; } =
        from state in Gen.Elements(Enum.GetValues<TaskState>())
        from message in Optional(Message)
        from timestamp in Optional(
            Gen.Choose(0, int.MaxValue).Select(seconds => DateTimeOffset.UnixEpoch.AddSeconds(seconds).AddMilliseconds(seconds % 1000)))
        select new A2ATaskStatus { State = state, Message = message, Timestamp = timestamp };

    public static Gen<A2ATask> Task { get; } =
        from id in Text
        from context in OptionalText
        from status in Status
        from artifacts in Optional(NonEmpty(Artifact))
        from history in Optional(NonEmpty(Message))
        from metadata in Metadata
        select new A2ATask { Id = id, ContextId = context, Status = status, Artifacts = artifacts, History = history, Metadata = metadata };

    public static Gen<StreamResponse> Stream { get; } = Gen.OneOf(
        Task.Select(task => new StreamResponse { Task = task }),
        Message.Select(message => new StreamResponse { Message = message }),
        from task in Text
        from context in Text
        from status in Status
        from metadata in Metadata
        select new StreamResponse { StatusUpdate = new() { TaskId = task, ContextId = context, Status = status, Metadata = metadata } },
        from task in Text
        from context in Text
        from artifact in Artifact
        from append in Gen.Elements(true, false)
        from last in Gen.Elements(true, false)
        from metadata in Metadata
        select new StreamResponse
        {
            ArtifactUpdate = new()
            {
                TaskId = task,
                ContextId = context,
                Artifact = artifact,
                Append = append,
                LastChunk = last,
                Metadata = metadata
            },
        });

    public static Gen<TaskPushNotificationConfig> PushNotificationConfig { get; } =
        from id in Gen.Elements("p1", "default")
        from task in Gen.Elements("t1", "t_2")
        from url in Text
        from token in OptionalText
        from scheme in OptionalText
        from credentials in OptionalText
        select new TaskPushNotificationConfig
        {
            Id = id,
            TaskId = task,
            Url = url,
            Token = token,
            Authentication = scheme is null ? null : new() { Scheme = scheme, Credentials = credentials },
        };

    public static Gen<SendMessageRequest> SendMessage { get; } =
        from message in Message
        from modes in Optional(NonEmpty(Text))
        from webhook in Optional(PushNotificationConfig)
        from history in Gen.Elements<int?>(null, 0, 7)
        from immediately in Gen.Elements(true, false)
        from metadata in Metadata
        from configured in Gen.Elements(true, false)
        select new SendMessageRequest
        {
            Message = message,
            Configuration = configured
                ? new()
                {
                    AcceptedOutputModes = modes,
                    TaskPushNotificationConfig = webhook is null ? null : webhook with { TaskId = null },
                    HistoryLength = history,
                    ReturnImmediately = immediately,
                }
                : null,
            Metadata = metadata,
        };

    private static Gen<string?> OptionalText => Gen.OneOf(Gen.Constant<string?>(null), Text.Select(text => (string?)text));

    public static JsonElement Parse(string json) => JsonElement.Parse(Encoding.UTF8.GetBytes(json));

    private static Gen<T?> Optional<T>(Gen<T> some)
        where T : class => Gen.OneOf(Gen.Constant<T?>(null), some.Select(value => (T?)value));

    private static Gen<JsonElement?> Optional(Gen<JsonElement> some) =>
        Gen.OneOf(Gen.Constant<JsonElement?>(null), some.Select(value => (JsonElement?)value));

    private static Gen<DateTimeOffset?> Optional(Gen<DateTimeOffset> some) =>
        Gen.OneOf(Gen.Constant<DateTimeOffset?>(null), some.Select(value => (DateTimeOffset?)value));

    private static Gen<IReadOnlyList<T>> List<T>(Gen<T> item) =>
        Gen.Choose(0, 2).SelectMany(count => item.ArrayOf(count)).Select(items => (IReadOnlyList<T>)items);

    private static Gen<IReadOnlyList<T>> NonEmpty<T>(Gen<T> item) =>
        Gen.Choose(1, 2).SelectMany(count => item.ArrayOf(count)).Select(items => (IReadOnlyList<T>)items);

    private static Gen<string> JsonOf(int depth) => depth == 0
        ? Gen.Elements(Scalars)
        : Gen.OneOf(Gen.Elements(Scalars), ObjectOf(depth), Some(JsonOf(depth - 1)).Select(items => $"[{string.Join(", ", items)}]"));

    private static Gen<string> ObjectOf(int depth) =>
        Some(from name in Gen.Elements(Names) from value in JsonOf(Math.Max(depth - 1, 0)) select $"\"{name}\": {value}")
            .Select(members => $"{{{string.Join(",", members)}}}");

    private static Gen<string[]> Some(Gen<string> item) => Gen.Choose(0, 3).SelectMany(count => item.ArrayOf(count));
}
