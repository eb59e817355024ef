using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.Bindings.HttpJson;

/// <summary>
/// The query of a request, read by the rules of A2A 1.0, section 11.5: camelCase names (snake_case is read too), plain values.
/// </summary>
internal readonly struct QueryParameters(HttpRequest request)
{
    /// <summary>A text; null where it is missing or empty.</summary>
    public string? Text(string name)
    {
        if (!request.QueryString.HasValue)
            return null;
        var values = request.Query[name];
        if (values.Count == 0)
            values = request.Query[JsonNamingPolicy.SnakeCaseLower.ConvertName(name)];
        // The last of repeated parameters counts, as in ProtoJSON.
        return values.Count == 0 || string.IsNullOrEmpty(values[^1]) ? null : values[^1];
    }

    /// <summary>A whole number.</summary>
    public int? Integer(string name)
    {
        if (Text(name) is not { } text)
            return null;
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw A2AException.InvalidParams(name, "must be a whole number");
    }

    /// <summary><c>true</c> or <c>false</c>.</summary>
    public bool? Flag(string name) => Text(name) switch
    {
        null => null,
        "true" => true,
        "false" => false,
        _ => throw A2AException.InvalidParams(name, "must be true or false"),
    };

    /// <summary>A state of a task.</summary>
    public TaskState? State(string name, WireFormat wire)
    {
        if (Text(name) is not { } text)
            return null;
        return wire.TryParseTaskState(text, out var state) ? state : throw A2AException.InvalidParams(name, "is no state of a task");
    }

    /// <summary>A moment, by RFC 3339.</summary>
    public DateTimeOffset? Timestamp(string name)
    {
        if (Text(name) is not { } text)
            return null;
        return ProtoTimestamp.TryParse(text, out var moment)
            ? moment
            : throw A2AException.InvalidParams(name, "must be a timestamp such as 2026-01-31T23:59:59.000Z");
    }
}
