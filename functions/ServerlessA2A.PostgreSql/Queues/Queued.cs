namespace ServerlessA2A.PostgreSql.Queues;

/// <summary>A message that was taken from a queue, for now.</summary>
/// <param name="Id">Its row.</param>
/// <param name="Message">The message.</param>
/// <param name="Delivery">The number of this delivery, from 1.</param>
/// <param name="Failures">How many of its deliveries have failed.</param>
internal sealed record Queued<T>(long Id, T Message, int Delivery, int Failures);
