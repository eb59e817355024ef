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
        var empty = await MeasureAsync(() => "", static _ => Task.CompletedTask);
        await AddAsync("SendMessage, blocking", () => Send("SendMessage", ""));
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await MeasureAsync(() => Send("SendMessage", ""), endpoint.HandleAsync, passes: 1);
        report.Add("kept: a finished task in memory", (GC.GetTotalMemory(forceFullCollection: true) - before) / (1024.0 * Requests), " KiB",
            Target.None);
        await AddAsync("SendMessage, returnImmediately", () => Send("SendMessage", ""","configuration":{"returnImmediately":true}"""));
        await AddAsync("SendStreamingMessage", () => Send("SendStreamingMessage", ""));
        taskId = await FinishedTaskAsync(endpoint, Send("SendMessage", ""));
        await AddAsync("GetTask", () => $$$"""{"jsonrpc":"2.0","id":1,"method":"GetTask","params":{"id":"{{{taskId}}}"}}""");

        async Task AddAsync(string operation, Func<string> body) =>
            report.Add($"allocated: {operation}", (await MeasureAsync(body, endpoint.HandleAsync) - empty) / 1024, " KiB", Target.None);

        string Send(string method, string configuration) =>
            $$$"""{"jsonrpc":"2.0","id":1,"method":"{{{method}}}","params":{"message":{"messageId":"m-{{{number++:D8}}}","role":"ROLE_USER","parts":[{"text":"Hello"}]}{{{configuration}}}}}""";
    }

    /// <summary>What a request allocates. Twice: what is made once, and kept, is made in the first pass.</summary>
    private static async Task<double> MeasureAsync(Func<string> body, Func<HttpContext, Task> handle, int passes = 2)
    {
        var contexts = new DefaultHttpContext[Requests];
        for (var pass = 1; ; pass++)
        {
            for (var i = 0; i < Requests; i++)
                contexts[i] = InMemoryEngine.Post(body(), new MemoryStream(4096));
            var before = GC.GetTotalAllocatedBytes(precise: true);
            foreach (var context in contexts)
                await handle(context);
            await Task.Delay(100);
            if (pass == passes)
                return (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Requests;
        }
    }

    private static async Task<string> FinishedTaskAsync(A2AEndpoint endpoint, string send)
    {
        var context = InMemoryEngine.Post(send, new MemoryStream(4096));
        await endpoint.HandleAsync(context);
        context.Response.Body.Position = 0;
        using var answer = await System.Text.Json.JsonDocument.ParseAsync(context.Response.Body);
        return answer.RootElement.GetProperty("result").GetProperty("task").GetProperty("id").GetString()!;
    }
}
