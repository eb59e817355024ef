using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.Tasks.Stored;

/// <summary>
/// The stored form of a task, for implementations of <see cref="ITaskStore"/>: bytes of UTF-8 JSON that a store keeps and does not
/// interpret. Every version reads what earlier versions wrote.
/// </summary>
public static class StoredTask
{
    /// <summary>Writes the events of an entry. A store keeps its first number and its time beside them.</summary>
    public static ReadOnlyMemory<byte> WriteEvents(LogEntry entry) => EventsJson.Write(entry.Events);

    /// <summary>Reads an entry.</summary>
    /// <param name="first">The number of its first event.</param>
    /// <param name="at">When it happened.</param>
    /// <param name="events">What <see cref="WriteEvents"/> returned.</param>
    /// <exception cref="InvalidDataException">A newer version wrote an event that this version does not know.</exception>
    public static LogEntry ReadEntry(long first, DateTimeOffset at, ReadOnlyMemory<byte> events) => new(first, at, EventsJson.Read(events));

    /// <summary>
    /// Writes a snapshot without the message of the first entry, its owner, lease, event number, webhook ids and count of added messages,
    /// which a store keeps beside it.
    /// </summary>
    public static ReadOnlyMemory<byte> WriteSnapshot(TaskSnapshot task) => SnapshotJson.Write(task);

    /// <summary>
    /// Reads a snapshot. The caller adds <see cref="TaskSnapshot.WebhookIds"/> and <see cref="TaskSnapshot.AddedMessages"/>.
    /// </summary>
    /// <param name="snapshot">What <see cref="WriteSnapshot"/> returned.</param>
    /// <param name="first">The first entry of the task's log.</param>
    /// <param name="owner">The owner of the task.</param>
    /// <param name="seq">The number of the last event that is folded in.</param>
    /// <param name="lease">The lease of the run that works on the task; null for none.</param>
    /// <exception cref="InvalidDataException">A newer version wrote something that this version does not know.</exception>
    public static TaskSnapshot ReadSnapshot(ReadOnlyMemory<byte> snapshot, LogEntry first, string owner, long seq, Lease? lease) =>
        SnapshotJson.Read(snapshot, ((MessageReceived)first.Events[0]).Message, owner, seq, lease);

    /// <summary>The task after more entries of its log; entries that the snapshot contains already change nothing.</summary>
    public static TaskSnapshot Fold(TaskSnapshot task, IReadOnlyList<LogEntry> entries) => TaskFold.Apply(task, entries);
}
