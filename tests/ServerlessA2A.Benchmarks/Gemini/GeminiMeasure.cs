namespace ServerlessA2A.Benchmarks.Gemini;

/// <summary>
/// What the agent adds to the model: time, allocations and documents, with a model on loopback that answers as it is told.
/// </summary>
internal static class GeminiMeasure
{
    public static async Task RunAsync(Options options, Report report)
    {
        await FirstChunkMeasure.RunAsync(options, report);
        await ChunkMeasure.RunAsync(options, report);
        await DocumentMeasure.RunAsync(report);
    }
}
