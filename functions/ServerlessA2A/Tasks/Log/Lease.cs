namespace ServerlessA2A.Tasks.Log;

/// <summary>A worker's exclusive right to run a task, until it expires.</summary>
/// <param name="RunId">The run that holds it.</param>
/// <param name="Until">When it expires, unless it is renewed.</param>
/// <param name="Attempt">
/// How many runs were started since the client's last message, including this one; a hand-over resets the count to 1.
/// </param>
public sealed record Lease(string RunId, DateTimeOffset Until, int Attempt)
{
    /// <summary>Whether the lease has not expired.</summary>
    public bool IsAlive(DateTimeOffset now) => now < Until;
}
