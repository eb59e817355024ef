namespace ServerlessA2A.Bindings.Streams;

/// <summary>Which items of a stream leave together, in every binding.</summary>
internal static class Batch
{
    /// <summary>How many bytes leave together at most, even when more items are ready.</summary>
    public const int LargestSize = 32 * 1024;

    /// <summary>
    /// How many turns of the thread pool a task gets to produce its next item before those that are ready leave. A fast task needs a few
    /// turns for all of its items, and each packet saved costs more than they do. An idle pool gives them back within microseconds.
    /// </summary>
    public const int Turns = 4;
}
