using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ServerlessA2A.Functions;

/// <summary>
/// Writes the id and the name of each event as a scope (<c>event_id</c>, <c>event_name</c>): the Functions Framework's lines for Cloud
/// Logging have neither, and alerts and filters need them.
/// </summary>
internal class EventScopes(ILoggerProvider lines) : ILoggerProvider
{
    /// <summary>Wraps the providers that have been added.</summary>
    public static void AddTo(ILoggingBuilder logging)
    {
        foreach (var added in logging.Services.Where(service => service.ServiceType == typeof(ILoggerProvider)).ToList())
        {
            if (added.ImplementationInstance is not ILoggerProvider lines)
                continue;
            logging.Services.Remove(added);
            logging.Services.Add(ServiceDescriptor.Singleton<ILoggerProvider>(
                _ => lines is ISupportExternalScope scopes ? new Shared(lines, scopes) : new EventScopes(lines)));
        }
    }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Logger(lines.CreateLogger(categoryName));

    /// <inheritdoc/>
    public void Dispose() => lines.Dispose();

    /// <summary>For a provider that takes the scopes of all providers, as its wrapper then has to.</summary>
    private sealed class Shared(ILoggerProvider lines, ISupportExternalScope scopes) : EventScopes(lines), ISupportExternalScope
    {
        public void SetScopeProvider(IExternalScopeProvider scopeProvider) => scopes.SetScopeProvider(scopeProvider);
    }

    private sealed class Logger(ILogger line) : ILogger
    {
        public bool IsEnabled(LogLevel logLevel) => line.IsEnabled(logLevel);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => line.BeginScope(state);

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id == 0)
            {
                line.Log(logLevel, eventId, state, exception, formatter);
                return;
            }

            KeyValuePair<string, object>[] scope =
                eventId.Name is { } name ? [new("event_id", eventId.Id), new("event_name", name)] : [new("event_id", eventId.Id)];
            using (line.BeginScope(scope))
                line.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
