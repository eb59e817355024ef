using System.Text.Json;
using ServerlessA2A.Protocol;

namespace ServerlessA2A.Client.Transports;

/// <summary>An operation of the protocol, with what each binding needs to know of it.</summary>
/// <param name="Name">The method in JSON-RPC 1.0 and in gRPC (A2A 1.0, section 5.3).</param>
/// <param name="OlderName">The method in JSON-RPC 0.3; null where it has none.</param>
/// <param name="Verb">The HTTP method in HTTP+JSON.</param>
/// <param name="Path">The path in HTTP+JSON, with the query, from the agent's address on.</param>
/// <param name="Tenant">The tenant of a request, which HTTP+JSON has in its path.</param>
/// <param name="Write">Writes the request: the params of JSON-RPC, and the body of HTTP+JSON where the method has one.</param>
/// <param name="Read">Reads the result. A missing member stays null.</param>
/// <param name="IsComplete">Whether the members that every result has are there.</param>
internal sealed record Operation<TRequest, TResult>(
    string Name,
    string? OlderName,
    HttpMethod Verb,
    Func<TRequest, string> Path,
    Func<TRequest, string?> Tenant,
    Action<WireFormat, Utf8JsonWriter, TRequest> Write,
    Func<WireFormat, ReadOnlyMemory<byte>, TResult> Read,
    Func<TResult, bool> IsComplete)
{
    /// <summary>Whether a request of HTTP+JSON has a body.</summary>
    public bool HasBody => Verb == HttpMethod.Post;
}
