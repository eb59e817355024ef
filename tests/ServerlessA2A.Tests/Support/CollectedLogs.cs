using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ServerlessA2A.Tests.Support;

/// <summary>What was logged.</summary>
public sealed class CollectedLogs
{
    public ConcurrentQueue<(LogLevel Level, EventId Id, string Text, Exception? Exception)> Entries { get; } = new();

    public ILogger<T> LoggerFor<T>() => new Logger<T>(this);

    /// <summary>The texts at a level and above.</summary>
    public IReadOnlyList<string> AtLeast(LogLevel level) => [.. Entries.Where(entry => entry.Level >= level).Select(entry => entry.Text)];

    private sealed class Logger<T>(CollectedLogs logs) : ILogger<T>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            logs.Entries.Enqueue((logLevel, eventId, formatter(state, exception), exception));
    }
}
