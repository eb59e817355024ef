using Microsoft.Extensions.Logging;

namespace Google.Cloud.Functions.Testing;

/// <summary>A log entry as it was at the time, formatted.</summary>
public sealed class TestLogEntry
{
    internal TestLogEntry(string categoryName, LogLevel level, EventId eventId, string message, Exception? exception, IReadOnlyList<object> scopes) =>
        (CategoryName, Level, EventId, Message, Exception, Scopes) = (categoryName, level, eventId, message, exception, scopes);

    public string CategoryName { get; }

    public LogLevel Level { get; }

    public EventId EventId { get; }

    public string Message { get; }

    public Exception? Exception { get; }

    public IReadOnlyList<object> Scopes { get; }

    public override string ToString() => $"[{Level}]: {Message}";
}
