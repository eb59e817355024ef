using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Agents;
using ServerlessA2A.Bindings;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.InMemory;

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
        var configuration = new ConfigurationBuilder().Build();
        await using var services = new ServiceCollection().AddLogging().AddAgent<OfflineAgent>()
            .AddServerlessA2A(configuration).AddInMemoryTasks(configuration).BuildServiceProvider();
        using var stop = new CancellationTokenSource();
        var runs = RunTasksAsync(services, stop.Token);
        var endpoint = services.GetRequiredService<A2AEndpoint>();

        var (taskId, number) = ("", 0);
        var empty = await MeasureAsync(() => "", static _ => Task.CompletedTask);
        await AddAsync("SendMessage, blocking", () => Send("SendMessage", ""));
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await MeasureAsync(() => Send("SendMessage", ""), endpoint.HandleAsync, passes: 1);
        report.Add("kept: a finished task in memory", (GC.GetTotalMemory(forceFullCollection: true) - before) / (1024.0 * Requests), " KiB", Target.None);
        await AddAsync("SendMessage, returnImmediately", () => Send("SendMessage", ""","configuration":{"returnImmediately":true}"""));
        await AddAsync("SendStreamingMessage", () => Send("SendStreamingMessage", ""));
        taskId = await FinishedTaskAsync(endpoint, Send("SendMessage", ""));
        await AddAsync("GetTask", () => $$$"""{"jsonrpc":"2.0","id":1,"method":"GetTask","params":{"id":"{{{taskId}}}"}}""");
        await stop.CancelAsync();
        await runs;

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
                contexts[i] = Post(body());
            var before = GC.GetTotalAllocatedBytes(precise: true);
            foreach (var context in contexts)
                await handle(context);
            await Task.Delay(100);
            if (pass == passes)
                return (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Requests;
        }
    }

    private static DefaultHttpContext Post(string body)
    {
        var context = new DefaultHttpContext();
        context.Request.Method = "POST";
        context.Request.Path = "/";
        context.Request.ContentType = "application/json";
        context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
        context.Response.Body = new MemoryStream(4096);
        return context;
    }

    private static async Task<string> FinishedTaskAsync(A2AEndpoint endpoint, string send)
    {
        var context = Post(send);
        await endpoint.HandleAsync(context);
        context.Response.Body.Position = 0;
        using var answer = await System.Text.Json.JsonDocument.ParseAsync(context.Response.Body);
        return answer.RootElement.GetProperty("result").GetProperty("task").GetProperty("id").GetString()!;
    }

    private static async Task RunTasksAsync(ServiceProvider services, CancellationToken cancellationToken)
    {
        var (queue, runner) = (services.GetRequiredService<InMemoryTaskQueue>(), services.GetRequiredService<TaskRunner>());
        try
        {
            await foreach (var request in queue.TakeAllAsync(cancellationToken))
                await runner.RunAsync(request, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // All is measured.
        }
    }
}
