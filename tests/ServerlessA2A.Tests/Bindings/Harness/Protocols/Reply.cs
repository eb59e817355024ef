using System.Net;
using System.Text.Json;

namespace ServerlessA2A.Tests.Bindings.Harness.Protocols;

/// <summary>An answer, in the words that all wires share.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Result">The result, without what a binding puts around it; undefined for an error.</param>
/// <param name="ErrorCode">The code of the error's object, if it is one.</param>
/// <param name="Message">The error's message.</param>
/// <param name="Details">The error's details: an array.</param>
public sealed record Reply(HttpStatusCode Status, JsonElement Result, int? ErrorCode, string? Message, JsonElement Details)
{
    public string? Reason => ErrorCode is null ? null : Details[0].GetProperty("reason").GetString();

    /// <summary>The first field that is said to be wrong.</summary>
    public string? Field => Details.EnumerateArray().Where(detail => detail.TryGetProperty("fieldViolations", out _))
        .Select(detail => detail.GetProperty("fieldViolations")[0].GetProperty("field").GetString()).FirstOrDefault();

    public JsonElement this[string name] => Result.GetProperty(name);

    public bool Has(string name) => Result.ValueKind == JsonValueKind.Object && Result.TryGetProperty(name, out _);
}
