using ServerlessA2A.Benchmarks.Measures;

namespace ServerlessA2A.Benchmarks.Gemini;

/// <summary>A task that a client streams.</summary>
internal static class StreamedTask
{
    /// <summary>Sends a message and reads the stream to its end.</summary>
    public static async Task RunAsync(InMemoryEngine engine, string text, AnswerBody answer)
    {
        await engine.Endpoint.HandleAsync(InMemoryEngine.Post(
            $$$$"""{"jsonrpc":"2.0","id":1,"method":"SendStreamingMessage","params":{"message":{"messageId":"{{{{Guid.NewGuid()}}}}","role":"ROLE_USER","parts":[{"text":"{{{{text}}}}"}]}}}""",
            answer));
        if (!answer.IsCompleted)
            throw new InvalidOperationException("The task was not completed.");
    }
}
