using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.Tests.Tasks.Log;

/// <summary>Random logs, as clients and workers write them: a message first, then whatever may follow.</summary>
public static class TaskLogs
{
    public const string Owner = "0::alice";
    public static readonly TimeSpan Retention = TimeSpan.FromHours(1);
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly string[] ArtifactIds = ["a", "b"];
    private static readonly string?[] MediaTypes = [null, "text/markdown"];
    private static readonly TaskState[] States =
        [TaskState.Working, TaskState.InputRequired, TaskState.AuthRequired, TaskState.Completed, TaskState.Failed];

    public static Gen<IReadOnlyList<LogEntry>> Any { get; } =
        from sizes in Gen.ListOf(Gen.Choose(1, 4))
        from events in Gen.ArrayOf(AnyEvent(), sizes.Sum())
        select (IReadOnlyList<LogEntry>)Number(sizes, Legal(events));

    /// <summary>Chunks as an agent says them: each appends to what it began itself.</summary>
    internal static Gen<IReadOnlyList<ArtifactUpdated>> Chunks { get; } =
        from chunks in Gen.ListOf(AnyArtifact())
        select Legal(chunks);

    public static TaskSnapshot Fold(IReadOnlyList<LogEntry> log) => TaskFold.Apply(Begin(log), [.. log.Skip(1)]);

    public static TaskSnapshot Begin(IReadOnlyList<LogEntry> log) => TaskFold.Begin(Owner, Retention, log[0]);

    private static List<LogEntry> Number(IEnumerable<int> sizes, TaskEvent[] events)
    {
        var log = new List<LogEntry> { new(1, Start, [Received("m0", null) with { ReplyUntil = Start.AddMinutes(1) }]) };
        var used = 0;
        foreach (var size in sizes)
        {
            log.Add(new LogEntry(log[^1].Last + 1, Start.AddMilliseconds(log.Count), events[used..(used + size)]));
            used += size;
        }

        return log;
    }

    private static Gen<TaskEvent> AnyEvent() => Gen.Frequency<TaskEvent>(
        (6, from update in AnyArtifact() select (TaskEvent)update),
        (2, from state in Gen.Elements(States)
            from text in AnyText()
            from metadata in AnyMetadata()
            select (TaskEvent)Status(state, text,
        metadata)),
        (1, from run in Gen.Choose(1, 9)
            from isFirst in Gen.Elements(true,
        false)
            from dropped in Gen.SubListOf(ArtifactIds)
            select (TaskEvent)Started(run, isFirst, dropped)),
        (1, from data in Gen.Choose(0, 255)
            from isLast in Gen.Elements(true, false)
            from taken in Gen.Choose(0,
        2)
            from sleeps in Gen.Elements(true, false)
            select (TaskEvent)Saved(data, isLast, taken, sleeps)),
        (1, Gen.Constant((TaskEvent)new Woken())),
        (3, from id in Gen.Choose(1, 99)
            from metadata in AnyMetadata()
            from modes in Gen.SubListOf("text/plain", "*/*")
            from sender in AnySender()
            from extensions in AnyExtensions()
            select (TaskEvent)(Added($"n{id}", metadata, modes) with { Sender = sender, Extensions = extensions })),
        (1, from data in Gen.Choose(-1, 255) from taken in Gen.Choose(0, 2) select (TaskEvent)Advanced(data, taken)),
        (1, from text in AnyText() select (TaskEvent)new Replied { Message = Message("reply", text) with { Role = Role.Agent } }),
        (1, from id in Gen.Choose(1, 99)
            from metadata in AnyMetadata()
            from sender in AnySender()
            from extensions in AnyExtensions()
            select (TaskEvent)(Received($"m{id}", metadata) with { Sender = sender, Extensions = extensions })));

    private static Gen<ArtifactUpdated> AnyArtifact() =>
        from id in Gen.Elements(ArtifactIds)
        from parts in Gen.NonEmptyListOf(AnyPart())
        from append in Gen.Frequency((3, Gen.Constant(true)), (1, Gen.Constant(false)))
        from isLast in Gen.Frequency((9, Gen.Constant(false)), (1, Gen.Constant(true)))
        from name in Gen.Elements(null, "n", "m")
        from metadata in AnyMetadata()
        select new ArtifactUpdated
        {
            Artifact = new Artifact { ArtifactId = id, Parts = [.. parts], Name = name, Metadata = metadata },
            Append = append,
            LastChunk = isLast,
        };

    private static Gen<Part> AnyPart() => Gen.Frequency(
        (6, from text in AnyText() from mediaType in Gen.Elements(MediaTypes) select Part.FromText(text) with { MediaType = mediaType }),
        (1, from text in AnyText() select Part.FromText(text) with { Filename = "f" }),
        (1, from number in Gen.Choose(0, 9) select Part.FromData(JsonElement.Parse($"[{number}.0]"))),
        (1, from number in Gen.Choose(0, 255) select Part.FromBytes(new[] { (byte)number })));

    private static Gen<string> AnyText() => Gen.Elements("", "a", "bc", "größe ", "🙂");

    private static Gen<JsonElement?> AnyMetadata() =>
        Gen.Elements<string?>(null, null, "{}", """{"a":1}""", """{"b":{"c":null},"a":2.50}""", """{"b":3}""")
            .Select(json => json is null ? (JsonElement?)null : JsonElement.Parse(json));

    private static Gen<Sender?> AnySender() =>
        from scheme in Gen.Elements<string?>(null, "none", "oidc")
        from claims in AnyMetadata()
        select scheme is null ? null : new Sender(scheme) { Claims = claims };

    private static Gen<IReadOnlyList<ActiveExtension>> AnyExtensions() =>
        from uris in Gen.SubListOf("https://x.example/1", "urn:größe")
        from parameters in AnyMetadata()
        select (IReadOnlyList<ActiveExtension>)[.. uris.Select(uri => new ActiveExtension(uri) { Params = parameters })];

    private static MessageReceived Received(string id, JsonElement? metadata) => new()
    {
        Message = Message(id, id) with { TaskId = "t" },
        RequestMetadata = metadata,
    };

    private static MessageAdded Added(string id, JsonElement? metadata, IEnumerable<string> modes) => new()
    {
        Message = Message(id, id) with { TaskId = "t" },
        AcceptedOutputModes = [.. modes],
        RequestMetadata = metadata,
    };

    private static RequestAdvanced Advanced(int data, int taken) =>
        new() { Taken = taken, Checkpoint = data < 0 ? null : (ReadOnlyMemory<byte>?)new[] { (byte)data } };

    private static Message Message(string id, string text) =>
        new() { MessageId = id, ContextId = "c", Role = Role.User, Parts = [Part.FromText(text)] };

    private static StatusChanged Status(TaskState state, string text, JsonElement? metadata) => new StatusChanged
    {
        State = state,
        Message = text.Length == 0 ? null : new Message { MessageId = text, Role = Role.Agent, Parts = [Part.FromText(text)] },
        Metadata = metadata,
    };

    private static RunStarted Started(int run, bool isFirst, IEnumerable<string> dropped) =>
        new RunStarted { Lease = new Lease($"run {run}", Start.AddMinutes(run), run), FromSubmitted = isFirst, Dropped = [.. dropped] };

    private static CheckpointSaved Saved(int data, bool isLast, int taken, bool sleeps) => new CheckpointSaved
    {
        Data = new[] { (byte)data },
        HandOver = isLast,
        Taken = taken,
        SleepUntil = isLast && sleeps ? Start.AddMinutes(data) : null,
    };

    /// <summary>No more is taken than is pending, and a request advances only to a message that is.</summary>
    private static TaskEvent[] Legal(TaskEvent[] events)
    {
        var pending = 0;
        for (var i = 0; i < events.Length; i++)
        {
            events[i] = events[i] switch
            {
                CheckpointSaved saved => saved with { Taken = Math.Min(saved.Taken, pending) },
                RequestAdvanced when pending == 0 => Added($"i{i}", null, []),
                RequestAdvanced advanced => advanced with { Taken = Math.Min(advanced.Taken, pending - 1) },
                var other => other,
            };
            pending = events[i] switch
            {
                MessageAdded => pending + 1,
                CheckpointSaved saved => pending - saved.Taken,
                RequestAdvanced advanced => pending - advanced.Taken - 1,
                Replied => 0,
                StatusChanged { State: var state } when state.IsTerminal() => 0,
                _ => pending,
            };
        }

        return events;
    }

    private static IReadOnlyList<ArtifactUpdated> Legal(IEnumerable<ArtifactUpdated> chunks)
    {
        var begun = new HashSet<string>();
        return [.. chunks.Select(
            chunk => chunk with { LastChunk = false, Append = !begun.Add(chunk.Artifact.ArtifactId) && chunk.Append })];
    }
}
