using ServerlessA2A.Protocol.Messages;

namespace ServerlessA2A.Client.Transports;

/// <summary>One event of a stream.</summary>
/// <param name="Id">What a client that returns names as the last event that it has; null where the agent gives none.</param>
/// <param name="Item">The event.</param>
internal readonly record struct StreamEvent(string? Id, StreamResponse Item);
