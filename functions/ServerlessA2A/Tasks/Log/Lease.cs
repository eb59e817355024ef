namespace ServerlessA2A.Tasks.Log;

/// <summary>A worker's right to a task, until it runs out or is renewed.</summary>
/// <param name="RunId">The run that holds it.</param>
/// <param name="Until">When it runs out, unless it is renewed.</param>
/// <param name="Attempt">How many runs have been begun since the client last spoke, this one included; a hand-over starts anew at 1.</param>
public sealed record Lease(string RunId, DateTimeOffset Until, int Attempt)
{
    /// <summary>Whether the holder may still be at work.</summary>
    public bool IsAlive(DateTimeOffset now) => now < Until;
}
