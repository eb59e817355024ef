using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Google.Cloud.Functions.Hosting.Logging;

internal sealed class SimpleConsoleLogger(string category, TextWriter console, IExternalScopeProvider scopes) : ConsoleLogger(category, scopes)
{
    protected override void Write(LogLevel logLevel, object? state, Exception? exception, string message)
    {
        // ASP.NET Core's abbreviations.
        var level = logLevel switch
        {
            LogLevel.Trace => "trce",
            LogLevel.Debug => "dbug",
            LogLevel.Information => "info",
            LogLevel.Warning => "warn",
            LogLevel.Error => "fail",
            LogLevel.Critical => "crit",
            _ => throw new ArgumentOutOfRangeException(nameof(logLevel)),
        };
        // One call, so that the lines of concurrent requests do not mix.
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyy-MM-dd'T'HH:mm:ss.fff'Z'} [{Category}] [{level}] {message}");
        var scopeTexts = new List<string>();
        Scopes.ForEachScope((scope, texts) => texts.Add(TextOf(scope)), scopeTexts);
        if (scopeTexts.Count > 0)
            text.AppendLine().Append(CultureInfo.InvariantCulture, $"Scopes: [{string.Join(", ", scopeTexts)}]");
        if (exception is not null)
            text.AppendLine().Append(exception);
        console.WriteLine(text);
    }

    private static string TextOf(object? scope) =>
        scope is IEnumerable<KeyValuePair<string, object?>> pairs
            ? $"{{ {string.Join(", ", pairs.Select(pair => $"{pair.Key}: {Invariant(pair.Value)}"))} }}"
            : Invariant(scope);
}
