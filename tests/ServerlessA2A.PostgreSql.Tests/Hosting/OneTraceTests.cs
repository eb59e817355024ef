using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.PostgreSql.Tests.Servers;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Running;
using ServerlessA2A.Tests.Bindings.Harness.Protocols;
using ServerlessA2A.Tests.Support;
using ScriptedAgent = ServerlessA2A.Tests.Bindings.Harness.ScriptedAgent;

namespace ServerlessA2A.PostgreSql.Tests.Hosting;

/// <summary>One trace shows a task from the client's request through the queues in PostgreSQL.</summary>
public sealed class OneTraceTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.CreateAsync(migrated: false);

    public async Task DisposeAsync() => await (_database?.DisposeAsync() ?? default);

    [SkippableFact]
    public async Task OneTraceLeadsFromTheRequestThroughBothQueuesToTheWebhook()
    {
        using var telemetry = CollectedTelemetry.Start();
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var application = await StartAsync();

        await SendAsync(application, telemetry, $$$""","taskPushNotificationConfig":{"url":"{{{receiver.Address}}}"}""");
        while ((await receiver.NextAsync()).State != "TASK_STATE_COMPLETED")
        {
            // The states before.
        }

        await application.StopAsync();
        var (request, process, run) = (telemetry.Span("SendMessage"), telemetry.Span("process runs"), telemetry.Span("run task"));
        Assert.Equal([request.SpanId, process.SpanId], new[] { process.ParentSpanId, run.ParentSpanId });
        var notifications = telemetry.Spans.Where(span => span.DisplayName == "process notifications").ToList();
        Assert.All(notifications, each => Assert.Contains(each.ParentSpanId, new[] { request.SpanId, process.SpanId, run.SpanId }));
        Assert.All(
            telemetry.Spans.Where(span => span.DisplayName == "POST webhook"),
            attempt => Assert.Contains(notifications, each => each.SpanId == attempt.ParentSpanId));
        Assert.All(receiver.Received, each => Assert.Equal($"{request.TraceId}", each.Headers["traceparent"].Split('-')[1]));
    }

    [SkippableFact]
    public async Task ARunWhosePublishWasLostIsInTheTraceOfTheRequestToo()
    {
        using var telemetry = CollectedTelemetry.Start();
        await using var application = await StartAsync(("Tasks:SweepDelay", "00:00:00.001"));
        await _database.ExecuteAsync("create rule lose as on insert to {schema}.runs do instead nothing");
        var id = await SendAsync(application, telemetry);
        await _database.ExecuteAsync("drop rule lose on {schema}.runs");
        var root = Activity.Current;

        Activity.Current = null;
        // A millisecond may not have passed.
        while (await application.Services.GetRequiredService<TaskSweeper>().SweepAsync(default) == 0)
            await Task.Yield();
        Activity.Current = root;
        await application.Services.GetRequiredService<ITaskStore>().WaitUntilTerminalOrInterruptedAsync(id, default)
            .WithinLimit("the task ends");
        await application.StopAsync();

        Assert.Equal(telemetry.Span("SendMessage").SpanId, telemetry.Span("swept").ParentSpanId);
        Assert.Equal(telemetry.Span("swept").SpanId, telemetry.Span("process runs").ParentSpanId);
        Assert.Equal(telemetry.Span("process runs").SpanId, telemetry.Span("run task").ParentSpanId);
    }

    private Task<Application> StartAsync(params (string Name, string Value)[] settings) =>
        Application.StartAsync(new ScriptedAgent(), _database, [("Agent:PushNotifications", "true"), .. settings]);

    private static async Task<string> SendAsync(Application application, CollectedTelemetry telemetry, string configuration = "")
    {
        var body = $$$"""
            {"message":{"messageId":"m-1","role":"ROLE_USER","parts":[{"text":"hello"}]},
             "configuration":{"returnImmediately":true{{{configuration}}}}}
            """;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/message:send")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
            Headers = { { "traceparent", telemetry.TraceParent }, { "A2A-Version", "1.0" } },
        };
        using var response = await application.Client.SendAsync(request);
        return (await response.Content.ReadAsStringAsync()).Json().GetProperty("task").GetProperty("id").GetString()!;
    }
}
