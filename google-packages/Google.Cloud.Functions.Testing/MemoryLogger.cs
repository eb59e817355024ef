using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Google.Cloud.Functions.Testing;

/// <summary>Keeps what is logged.</summary>
public class MemoryLogger(string categoryName, IExternalScopeProvider? scopeProvider) : ILogger
{
    private readonly ConcurrentQueue<TestLogEntry> entries = new();
    private readonly IExternalScopeProvider scopes = scopeProvider ?? new LoggerExternalScopeProvider();

    public MemoryLogger(string categoryName) : this(categoryName, null)
    {
    }

    public List<TestLogEntry> ListLogEntries() => [.. entries];

    public void Clear() => entries.Clear();

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => scopes.Push(state);

    // Filters are applied before.
    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        ArgumentNullException.ThrowIfNull(formatter);
        var current = new List<object>();
        scopes.ForEachScope((scope, list) => list.Add(scope!), current);
        entries.Enqueue(new TestLogEntry(categoryName, logLevel, eventId, formatter(state, exception), exception, current.AsReadOnly()));
    }
}
