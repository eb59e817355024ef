using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Google.Cloud.Functions.Hosting.Logging;

internal abstract class ConsoleLogger(string category, IExternalScopeProvider scopes) : ILogger
{
    // "Heartbeat slow": a function's processor is throttled between requests, so Kestrel would always say it.
    private const int KestrelHeartbeatSlow = 22;

    protected string Category { get; } = category;

    protected IExternalScopeProvider Scopes { get; } = scopes;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => Scopes.Push(state);

    // Filters are applied before.
    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (eventId.Id == KestrelHeartbeatSlow && Category == "Microsoft.AspNetCore.Server.Kestrel")
            return;
        var message = formatter(state, exception);
        if (!string.IsNullOrEmpty(message))
            Write(logLevel, state, exception, message);
    }

    protected abstract void Write(LogLevel logLevel, object? state, Exception? exception, string message);

    protected static string Invariant(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
