using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.PostgreSql.Tests.Tasks;

/// <summary>Tasks as the engine would store them.</summary>
internal static class TestTasks
{
    public const string Owner = "0::alice";

    public static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    public static NewTask New(string text = "hello", string? messageId = null, string contextId = "c")
    {
        var message = new Message
        {
            MessageId = messageId ?? Guid.NewGuid().ToString(),
            TaskId = Guid.NewGuid().ToString(),
            ContextId = contextId,
            Role = Role.User,
            Parts = [Part.FromText(text)],
        };
        var first = new LogEntry(1, Now, [new MessageReceived { Message = message }]);
        return new NewTask { First = first, Snapshot = TaskFold.Begin(Owner, TimeSpan.FromDays(7), first), ContentHash = "hash" };
    }

    public static NewEntry With(TaskSnapshot task, params TaskEvent[] events)
    {
        var entry = new LogEntry(task.Seq + 1, task.ChangedAt, events);
        return new NewEntry { Task = task, Entry = entry, Snapshot = TaskFold.Apply(task, entry) };
    }

    public static NewEntry Without(TaskSnapshot task, params TaskEvent[] events) =>
        new() { Task = task, Entry = new LogEntry(task.Seq + 1, task.ChangedAt, events) };

    public static RunStarted Started(string runId = "run") =>
        new() { Lease = new Lease(runId, Now.AddMinutes(1), 1), FromSubmitted = true };

    public static StatusChanged Completed { get; } = new() { State = TaskState.Completed };

    public static ArtifactUpdated Chunk(string text, bool append = true) =>
        new() { Artifact = new Artifact { ArtifactId = "a", Parts = [Part.FromText(text)] }, Append = append };
}
