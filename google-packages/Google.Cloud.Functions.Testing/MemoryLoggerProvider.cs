using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Google.Cloud.Functions.Testing;

internal sealed class MemoryLoggerProvider : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentDictionary<string, MemoryLogger> loggers = new();
    private IExternalScopeProvider? scopes;

    public ILogger CreateLogger(string categoryName) => loggers.GetOrAdd(categoryName, name => new MemoryLogger(name, scopes));

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => scopes = scopeProvider;

    public List<TestLogEntry> GetLogEntries(string categoryName) =>
        loggers.TryGetValue(categoryName, out var logger) ? logger.ListLogEntries() : [];

    public void Clear()
    {
        foreach (var logger in loggers.Values)
            logger.Clear();
    }

    public void Dispose()
    {
    }
}
