using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ServerlessA2A.Tests.Bindings.Harness;

/// <summary>Keeps what was logged.</summary>
public sealed class LogRecorder : ILoggerProvider
{
    private readonly ConcurrentQueue<(string Category, LogLevel Level, EventId Id, string Text)> _entries = [];

    public IEnumerable<string> Errors => _entries.Where(entry => entry.Level >= LogLevel.Error).Select(entry => entry.Text);

    /// <summary>All of it: which event, and its text.</summary>
    public IEnumerable<(EventId Id, string Text)> Events => _entries.Select(entry => (entry.Id, entry.Text));

    /// <summary>What happened at the door: the log's ids of security.</summary>
    public IEnumerable<(EventId Id, string Text)> SecurityEvents => Events.Where(logged => logged.Id.Id is >= 4000 and < 5000);

    public bool Has(string eventName) => _entries.Any(entry => entry.Id.Name == eventName);

    public LogLevel LevelOf(string eventName) => _entries.First(entry => entry.Id.Name == eventName).Level;

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Logger(LogRecorder owner, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            owner._entries.Enqueue((category, logLevel, eventId, $"{formatter(state, exception)} {exception}"));
    }
}
