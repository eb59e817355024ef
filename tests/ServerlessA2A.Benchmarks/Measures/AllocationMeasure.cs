using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Agents;
using ServerlessA2A.Bindings;

namespace ServerlessA2A.Benchmarks.Measures;

/// <summary>
/// What the engine allocates for a request, in this process and without a server: the part of ASP.NET Core's test context is counted
/// first and taken off. Sends include the task's run.
/// </summary>
internal static class AllocationMeasure
{
    private const int Requests = 2000;

    public static async Task RunAsync(Report report)
    {
        await using var engine = new InMemoryEngine(static (services, _) => services.AddAgent<OfflineAgent>());
        var endpoint = engine.Endpoint;
        var (taskId, number) = ("", 0);
        var empty = await MeasureAsync(() => "", static _ => Task.CompletedTask, null);
        await AddAsync("SendMessage, blocking", () => Send("SendMessage", ""), engine);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await MeasureAsync(() => Send("SendMessage", ""), endpoint.HandleAsync, engine, passes: 1);
        report.Add("kept: a finished task in memory", (GC.GetTotalMemory(forceFullCollection: true) - before) / (1024.0 * Requests), " KiB",
            Target.None);
        await AddAsync(
            "SendMessage, returnImmediately", () => Send("SendMessage", ""","configuration":{"returnImmediately":true}"""), engine);
        await AddAsync("SendStreamingMessage", () => Send("SendStreamingMessage", ""), engine);
        await AddEventAsync();
        await AddCardAsync();
        taskId = await FinishedTaskAsync(endpoint, Send("SendMessage", ""));
        await AddAsync("GetTask", () => $$$"""{"jsonrpc":"2.0","id":1,"method":"GetTask","params":{"id":"{{{taskId}}}"}}""", null);

        // A stream of many events less one of few: an event is a chunk of the agent, its entry in the log, and its part of the stream.
        async Task AddEventAsync()
        {
            await using var few = ChunkEngine(ChunkAgent.Few);
            await using var many = ChunkEngine(ChunkAgent.Many);
            var ofFew = await MeasureAsync(() => Send("SendStreamingMessage", ""), few.Endpoint.HandleAsync, few);
            var ofMany = await MeasureAsync(() => Send("SendStreamingMessage", ""), many.Endpoint.HandleAsync, many);
            report.Add(
                "allocated: an event of a stream", (ofMany - ofFew) / (1024 * (ChunkAgent.Many - ChunkAgent.Few)), " KiB", Target.None);
        }

        async Task AddCardAsync()
        {
            var card = engine.Get<AgentCardEndpoint>();
            var bytes = await MeasureAsync(
                static () => "",
                context =>
                {
                    (context.Request.Method, context.Request.Path) = ("GET", "/.well-known/agent-card.json");
                    return card.HandleAsync(context);
                },
                null);
            report.Add("allocated: card", (bytes - empty) / 1024, " KiB", Target.None);
        }

        async Task AddAsync(string operation, Func<string> body, InMemoryEngine? runs)
        {
            var bytes = await MeasureAsync(body, endpoint.HandleAsync, runs);
            report.Add($"allocated: {operation}", (bytes - empty) / 1024, " KiB", Target.None);
        }

        string Send(string method, string configuration) =>
            $$$"""{"jsonrpc":"2.0","id":1,"method":"{{{method}}}","params":{"message":{"messageId":"m-{{{number++:D8}}}","role":"ROLE_USER","parts":[{"text":"Hello"}]}{{{configuration}}}}}""";
    }

    /// <summary>What a request allocates. Twice: what is made once, and kept, is made in the first pass.</summary>
    /// <param name="body">Makes the body of a request.</param>
    /// <param name="handle">Answers it.</param>
    /// <param name="runs">The engine whose run of each request is awaited and counted; null where requests need none.</param>
    /// <param name="passes">How often.</param>
    private static async Task<double> MeasureAsync(
        Func<string> body, Func<HttpContext, Task> handle, InMemoryEngine? runs, int passes = 2)
    {
        var contexts = new DefaultHttpContext[Requests];
        for (var pass = 1; ; pass++)
        {
            for (var i = 0; i < Requests; i++)
                contexts[i] = InMemoryEngine.Post(body(), new MemoryStream(4096));
            var ended = runs?.EndedRuns;
            var before = GC.GetTotalAllocatedBytes(precise: true);
            foreach (var context in contexts)
                await handle(context);
            while (runs?.EndedRuns < ended + Requests)
                await Task.Delay(10);
            if (pass == passes)
                return (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Requests;
        }
    }

    /// <summary>Chunks are written at once, not gathered, so that each is an event.</summary>
    private static InMemoryEngine ChunkEngine(int chunks) => new(
        (services, _) => services.AddAgent(new ChunkAgent(chunks)), ("A2A:Tasks:GatherInterval", "0:00:00"));

    private static async Task<string> FinishedTaskAsync(A2AEndpoint endpoint, string send)
    {
        var context = InMemoryEngine.Post(send, new MemoryStream(4096));
        await endpoint.HandleAsync(context);
        context.Response.Body.Position = 0;
        using var answer = await System.Text.Json.JsonDocument.ParseAsync(context.Response.Body);
        return answer.RootElement.GetProperty("result").GetProperty("task").GetProperty("id").GetString()!;
    }
}
