using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Google.Cloud.Functions.Hosting.Logging;

/// <summary>One line of JSON per entry, with the field names Cloud Logging knows (message, severity).</summary>
internal sealed class JsonConsoleLogger(string category, TextWriter console, IExternalScopeProvider scopes) : ConsoleLogger(category, scopes)
{
    private const string MessageTemplate = "{OriginalFormat}";

    protected override void Write(LogLevel logLevel, object? state, Exception? exception, string message)
    {
        var severity = logLevel switch
        {
            LogLevel.Trace or LogLevel.Debug => "DEBUG",
            LogLevel.Information => "INFO",
            LogLevel.Warning => "WARNING",
            LogLevel.Error => "ERROR",
            LogLevel.Critical => "CRITICAL",
            _ => throw new ArgumentOutOfRangeException(nameof(logLevel)),
        };
        using var line = new MemoryStream();
        using var writer = new Utf8JsonWriter(line);
        writer.WriteStartObject();
        writer.WriteString("message", message);
        writer.WriteString("category", Category);
        if (exception is not null)
            writer.WriteString("exception", exception.ToString());
        writer.WriteString("severity", severity);
        if (state is IReadOnlyList<KeyValuePair<string, object?>> parameters && parameters is not [] && parameters is not [{ Key: MessageTemplate }])
        {
            writer.WriteStartObject("format_parameters");
            // A field name may not begin with a digit.
            foreach (var (name, value) in parameters.Where(parameter => !string.IsNullOrEmpty(parameter.Key)))
                writer.WriteString(char.IsDigit(name[0]) ? "_" + name : name, Invariant(value));
            writer.WriteEndObject();
        }
        WriteScopes(writer);
        writer.WriteEndObject();
        writer.Flush();
        console.WriteLine(Encoding.UTF8.GetString(line.GetBuffer(), 0, (int)line.Length));
    }

    private void WriteScopes(Utf8JsonWriter writer)
    {
        var any = false;
        Scopes.ForEachScope((scope, json) =>
        {
            if (!any)
                json.WriteStartArray("scopes");
            any = true;
            WriteScope(json, scope);
        }, writer);
        if (any)
            writer.WriteEndArray();
    }

    private static void WriteScope(Utf8JsonWriter writer, object? scope)
    {
        if (scope is not IEnumerable<KeyValuePair<string, object?>> pairs)
        {
            writer.WriteStringValue(Invariant(scope));
            return;
        }
        writer.WriteStartObject();
        foreach (var (name, value) in pairs.Where(pair => !string.IsNullOrEmpty(pair.Key)))
            writer.WriteString(name, Invariant(value));
        writer.WriteEndObject();
    }
}
