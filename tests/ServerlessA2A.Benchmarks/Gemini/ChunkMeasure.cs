using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Agents;
using ServerlessA2A.Benchmarks.Measures;
using ServerlessA2A.Protocol.Messages;
using AgentMessage = ServerlessA2A.Protocol.Messages.Message;
using AgentPart = ServerlessA2A.Protocol.Messages.Part;

namespace ServerlessA2A.Benchmarks.Gemini;

/// <summary>
/// What a chunk of the model's answer costs who reads it, in allocated bytes and processor time of this process: in a bare call, through
/// the chat client, through the agent, and in a whole task in memory with a client that streams it. The model is another process.
/// </summary>
internal static class ChunkMeasure
{
    public static async Task RunAsync(Options options, Report report)
    {
        using var model = ModelProcess.Start();
        await using var engine = new InMemoryEngine(
            static (services, configuration) => services.AddGemini(configuration), model.Model.Settings);
        await MeasureAsync(model.Model, engine, 2000, pause: 0, turns: 20, options, report);
        await MeasureAsync(model.Model, engine, 400, pause: 5, turns: 1, options, report);
    }

    private static async Task MeasureAsync(
        Model model, InMemoryEngine engine, int chunks, int pause, int turns, Options options, Report report)
    {
        var question = ModelProcess.Ask(chunks, pause);
        (string Name, Func<Task> Turn)[] readers =
        [
            ("a bare call", () => CallAsync(model, question, chunks)),
            ("GeminiChatClient", () => ChatAsync(engine.Get<IChatClient>(), question, chunks)),
            ("GeminiAgent", () => RunAsync(engine.Get<IAgent>(), question, chunks)),
            ("a task", () => StreamedTask.RunAsync(engine, question, new AnswerBody())),
        ];
        var bytes = Array.ConvertAll(readers, _ => new List<double>());
        var microseconds = Array.ConvertAll(readers, _ => new List<double>());
        for (var round = -1; round < options.Rounds; round++)
        {
            for (var i = 0; i < readers.Length; i++)
            {
                var allocated = GC.GetTotalAllocatedBytes(precise: true);
                var used = Environment.CpuUsage.TotalTime;
                for (var turn = 0; turn < turns; turn++)
                    await readers[i].Turn();
                if (round < 0)
                    continue;
                microseconds[i].Add((Environment.CpuUsage.TotalTime - used).TotalMicroseconds / (turns * chunks));
                bytes[i].Add((GC.GetTotalAllocatedBytes(precise: true) - allocated) / (double)(turns * chunks));
            }
        }

        var how = pause == 0 ? $"of {chunks}" : $"each {pause} ms";
        for (var i = 1; i < readers.Length; i++)
            report.Add($"a chunk {how}, allocated: {readers[i].Name}", bytes[0], bytes[i], " B", Target.None);
        for (var i = 1; i < readers.Length; i++)
            report.Add($"a chunk {how}, processor: {readers[i].Name}", microseconds[0], microseconds[i], " µs", Target.None);
    }

    private static async Task CallAsync(Model model, string question, int chunks)
    {
        using var call = model.Stream(question);
        var responses = call.GetResponseStream();
        var count = 0;
        while (await responses.MoveNextAsync())
            count += responses.Current.Candidates[0].Content.Parts.Count;
        Check(count, chunks);
    }

    private static async Task ChatAsync(IChatClient client, string question, int chunks)
    {
        var count = 0;
        await foreach (var update in client.GetStreamingResponseAsync([new ChatMessage(ChatRole.User, question)]))
            count += update.Contents.OfType<TextContent>().Count();
        Check(count, chunks);
    }

    private static async Task RunAsync(IAgent agent, string question, int chunks)
    {
        var message = new AgentMessage { MessageId = "m", Role = Role.User, Parts = [AgentPart.FromText(question)] };
        var task = new AgentContext
        {
            TaskId = "t",
            ContextId = "c",
            Message = message,
            History = [message],
        };
        var count = 0;
        await foreach (var update in agent.RunAsync(task, default))
            count += update is ArtifactUpdate { LastChunk: false } ? 1 : 0;
        Check(count, chunks);
    }

    private static void Check(int count, int chunks)
    {
        if (count != chunks)
            throw new InvalidOperationException($"{count} chunks came instead of {chunks}.");
    }
}
