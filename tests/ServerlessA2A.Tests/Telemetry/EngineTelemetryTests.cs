using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ServerlessA2A.Agents;
using ServerlessA2A.InMemory;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Security.Limits;
using ServerlessA2A.Tasks;
using ServerlessA2A.Telemetry;
using ServerlessA2A.Tests.Hosting;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Telemetry;

/// <summary>The spans and metrics of requests, tasks, runs and sweeps.</summary>
public class EngineTelemetryTests
{
    private const string Send = """
        {"jsonrpc":"2.0","id":1,"method":"SendMessage","params":{"message":{"messageId":"m-1","role":"ROLE_USER","parts":[{"text":"hello"}]}}}
        """;

    private const string Rpc = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"";

    [Fact]
    public async Task OneTraceLeadsFromTheRequestToItsAgent()
    {
        using var telemetry = CollectedTelemetry.Start();
        await using var host = await WebHost.StartAsync(
            ScriptedAgent.Saying(AgentUpdate.Artifact("a", "hi")), app => app.MapA2A("/"), settings: ("Agent:Name", "Greeter"));

        var task = (await PostAsync(host, telemetry, "/", Send)).GetProperty("result").GetProperty("task");

        var request = telemetry.Span("SendMessage");
        Assert.Equal(ActivityKind.Server, request.Kind);
        AssertTags(
            request, ("a2a.operation", "SendMessage"), ("a2a.protocol.binding", "JSONRPC"), ("a2a.protocol.version", "1.0"),
            ("a2a.task.id", task.GetProperty("id").GetString()),
            ("gen_ai.conversation.id", task.GetProperty("contextId").GetString()), ("error.type", null));
        // The client has its answer before the worker's spans end.
        await telemetry.EndedAsync("process runs").WithinLimit("the worker is done");
        var (process, run, agent) = (telemetry.Span("process runs"), telemetry.Span("run task"), telemetry.Span("invoke_agent Greeter"));
        Assert.Equal(
            [request.SpanId, process.SpanId, run.SpanId], new[] { process.ParentSpanId, run.ParentSpanId, agent.ParentSpanId });
        Assert.Equal(ActivityKind.Consumer, process.Kind);
        AssertTags(run, ("a2a.run.attempt", 1), ("a2a.run.outcome", "TASK_STATE_COMPLETED"), ("error.type", null));
        AssertTags(agent, ("gen_ai.operation.name", "invoke_agent"), ("gen_ai.agent.name", "Greeter"));
    }

    [Fact]
    public async Task ATaskIsMeasuredFromItsCreationToItsEnd()
    {
        using var telemetry = CollectedTelemetry.Start();
        await using var host = await WebHost.StartAsync(
            ScriptedAgent.Saying(AgentUpdate.Artifact("a", "hi")), app => app.MapA2A("/"));

        await PostAsync(host, telemetry, "/", Send);
        // The client has its answer before the worker's spans end.
        await telemetry.EndedAsync("process runs").WithinLimit("the worker is done");

        Assert.Single(telemetry.Measured("a2a.task.created"));
        Assert.Equal(
            ["TASK_STATE_WORKING", "TASK_STATE_COMPLETED"],
            telemetry.Measured("a2a.task.state_changes").Select(each => each.Tags["a2a.task.state"]));
        Assert.InRange(Assert.Single(telemetry.Measured("a2a.task.time_to_first_event")).Value, 0, 60);
        Assert.Equal("TASK_STATE_COMPLETED", Assert.Single(telemetry.Measured("a2a.task.duration")).Tags["a2a.task.state"]);
        Assert.Equal(1, Assert.Single(telemetry.Measured("a2a.run.attempts")).Tags["a2a.run.attempt"]);
        Assert.Equal("TASK_STATE_COMPLETED", Assert.Single(telemetry.Measured("a2a.run.duration")).Tags["a2a.run.outcome"]);
    }

    [Theory]
    [InlineData("POST", "/", Rpc + "GetTask\",\"params\":{\"id\":\"t-0\"}}", "GetTask", "JSONRPC", "1.0", "TaskNotFound")]
    [InlineData("POST", "/", Rpc + "tasks/get\",\"params\":{\"id\":\"t\"}}", "GetTask", "JSONRPC", "0.3", "TaskNotFound")]
    [InlineData("POST", "/", Rpc + "Nothing\"}", null, "JSONRPC", "1.0", "MethodNotFound")]
    [InlineData("GET", "/tasks/t-0", null, "GetTask", "HTTP+JSON", "1.0", "TaskNotFound")]
    [InlineData("GET", "/tasks", null, "ListTasks", "HTTP+JSON", "1.0", null)]
    public async Task ARequestHasItsOperationAndItsError(
        string verb, string path, string? body, string? operation, string binding, string version, string? error)
    {
        using var telemetry = CollectedTelemetry.Start();
        await using var host = await WebHost.StartAsync(ScriptedAgent.Saying(), app => app.MapA2A("/"));

        await SendAsync(host, telemetry, new HttpMethod(verb), path, body);

        var span = Assert.Single(telemetry.Spans);
        Assert.Equal(operation ?? "A2A request", span.DisplayName);
        AssertTags(
            span, ("a2a.operation", operation), ("a2a.protocol.binding", binding), ("a2a.protocol.version", version),
            ("error.type", error));
        // The client's mistakes are no faults of the server.
        Assert.Equal(ActivityStatusCode.Unset, span.Status);
        var measured = Assert.Single(telemetry.Measured("a2a.request.duration"));
        Assert.Equal(operation ?? "_OTHER", measured.Tags["a2a.operation"]);
        Assert.Equal(binding, measured.Tags["a2a.protocol.binding"]);
        Assert.Equal(version, measured.Tags["a2a.protocol.version"]);
        Assert.Equal(error, measured.Tags.GetValueOrDefault("error.type"));
    }

    [Fact]
    public async Task ARunThatHandsOverSaysSo()
    {
        var time = new ManualTimeProvider();
        var engine = TestEngine.InMemory(time);
        var task = await engine.SendAsync("hello");
        using var telemetry = CollectedTelemetry.Start();

        await engine.RunAsync(new ScriptedAgent((_, _) => SaveLateAsync()), task.Id).WithinLimit("the run ends");

        AssertTags(telemetry.Span("run task"), ("a2a.run.outcome", "handed_over"), ("error.type", null));
        Assert.Equal("handed_over", Assert.Single(telemetry.Measured("a2a.run.duration")).Tags["a2a.run.outcome"]);

        async IAsyncEnumerable<AgentUpdate> SaveLateAsync()
        {
            await Task.CompletedTask;
            time.Advance(engine.Settings.RunTimeLimit - TimeSpan.FromSeconds(1));
            yield return AgentUpdate.SaveCheckpoint("half");
        }
    }

    [Fact]
    public async Task ARunThatIsRetriedHasItsErrorAndTheNextOneItsNumber()
    {
        var engine = TestEngine.InMemory();
        var task = await engine.SendAsync("hello");
        using var telemetry = CollectedTelemetry.Start();

        await Assert.ThrowsAsync<AgentException>(
            () => engine.RunAsync(ScriptedAgent.Throwing(new AgentException("busy") { IsTransient = true }), task.Id));
        await engine.RunAsync(ScriptedAgent.Saying(), task.Id).WithinLimit("the run ends");

        var runs = telemetry.Spans.Where(span => span.DisplayName == "run task").ToList();
        AssertTags(runs[0], ("a2a.run.attempt", 1), ("a2a.run.outcome", "interrupted"), ("error.type", "AgentException"));
        Assert.Equal(ActivityStatusCode.Error, runs[0].Status);
        AssertTags(runs[1], ("a2a.run.attempt", 2), ("a2a.run.outcome", "TASK_STATE_COMPLETED"), ("error.type", null));
        Assert.Equal([1, 2], telemetry.Measured("a2a.run.attempts").Select(each => (int)each.Tags["a2a.run.attempt"]!));
        Assert.Equal("expired", Assert.Single(telemetry.Measured("a2a.run.lease_losses")).Tags["a2a.run.loss_reason"]);
    }

    [Fact]
    public async Task ARunThatIsCanceledIsSuperseded()
    {
        var engine = TestEngine.InMemory();
        var task = await engine.SendAsync("hello");
        using var telemetry = CollectedTelemetry.Start();
        var begun = new TaskCompletionSource();

        var run = engine.RunAsync(new ScriptedAgent((_, stop) => WaitAsync(stop)), task.Id);
        await begun.Task.WithinLimit("the agent begins");
        await engine.Lifecycle.CancelAsync(TestEngine.Call(), new CancelTaskRequest { Id = task.Id }, default);
        await run.WithinLimit("the run ends");

        AssertTags(telemetry.Span("run task"), ("a2a.run.outcome", "superseded"));
        Assert.Equal("superseded", Assert.Single(telemetry.Measured("a2a.run.lease_losses")).Tags["a2a.run.loss_reason"]);
        Assert.Contains(telemetry.Measured("a2a.task.duration"), each => "TASK_STATE_CANCELED".Equals(each.Tags["a2a.task.state"]));

        async IAsyncEnumerable<AgentUpdate> WaitAsync([EnumeratorCancellation] CancellationToken stop)
        {
            begun.SetResult();
            await Task.Delay(Timeout.Infinite, stop);
            yield break;
        }
    }

    [Fact]
    public async Task WhatOnlyTheSweepFindsIsCounted()
    {
        var time = new ManualTimeProvider();
        var engine = TestEngine.InMemory(time);
        await engine.SendAsync("hello");
        time.Advance(TimeSpan.FromHours(1));
        using var telemetry = CollectedTelemetry.Start();

        await engine.Sweeper.SweepAsync(default);

        Assert.Equal("run", Assert.Single(telemetry.Measured("a2a.sweep.finds")).Tags["a2a.sweep.kind"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ARunThatOnlyTheSweepRequestsIsInTheTraceOfTheTasksNewestRequest(bool isContinued)
    {
        var (time, queue) = (new ManualTimeProvider(), new TracedQueue());
        var engine = new TestEngine(new InMemoryTaskStore(time, Options.Create(new InMemoryOptions())), queue, time);
        A2ATask? task = null;
        if (isContinued)
        {
            using var earlier = new Activity("earlier request").Start();
            task = await engine.SendAsync("hello");
            await engine.RunAsync(ScriptedAgent.Saying(AgentUpdate.Ask("which?")), task.Id).WithinLimit("the agent asks");
        }

        using var telemetry = CollectedTelemetry.Start();
        task = await engine.SendAsync("this", task?.Id);
        Assert.Equal(telemetry.TraceParent, queue.Traces[^1]);
        time.Advance(TimeSpan.FromHours(1));
        var sweep = await InATraceOfItsOwnAsync(() => engine.Sweeper.SweepAsync(default));

        var swept = telemetry.Span("swept");
        Assert.Equal(telemetry.TraceParent.Split('-')[2], swept.ParentSpanId.ToHexString());
        Assert.Equal(sweep, Assert.Single(swept.Links).Context);
        AssertTags(swept, ("a2a.sweep.kind", "run"), ("a2a.task.id", task.Id));
        Assert.Equal(swept.Id, queue.Traces[^1]);
    }

    [Fact]
    public async Task ASweepContinuesTheTraceOfTheRequestWithoutAListenerToo()
    {
        var (time, queue) = (new ManualTimeProvider(), new TracedQueue());
        var engine = new TestEngine(new InMemoryTaskStore(time, Options.Create(new InMemoryOptions())), queue, time);
        var request = await InATraceOfItsOwnAsync(() => engine.SendAsync("hello"));
        time.Advance(TimeSpan.FromHours(1));

        var sweep = await InATraceOfItsOwnAsync(() => engine.Sweeper.SweepAsync(default));

        var published = ActivityContext.Parse(queue.Traces[^1]!, null);
        Assert.Equal((request.TraceId, request.TraceFlags), (published.TraceId, published.TraceFlags));
        Assert.NotEqual(sweep.TraceId, published.TraceId);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("no trace")]
    public void WhatHasNoTraceIsSweptInThatOfTheSweep(string? traceParent)
    {
        using var sweep = new Activity("sweep").Start();
        using var swept = EngineSpans.StartSwept("run", "t-1", traceParent);
        Assert.Same(sweep, Activity.Current);
    }

    [Fact]
    public void ALimitIsCountedByItsNameAlsoWhereTheLogIsSilent()
    {
        using var telemetry = CollectedTelemetry.Start();
        var events = new SecurityEvents(NullLogger.Instance, new ManualTimeProvider());

        for (var i = 0; i < 20; i++)
            events.LimitExceeded(caller: null, A2AException.LimitExceeded("UnfinishedTasks", 5, "Too many"));

        Assert.Equal(20, telemetry.Measured("a2a.limit.exceeded").Count(each => "UnfinishedTasks".Equals(each.Tags["a2a.limit"])));
    }

    private static async Task<ActivityContext> InATraceOfItsOwnAsync(Func<Task> work)
    {
        Activity.Current = null;
        using var activity = new Activity("of its own").Start();
        await work();
        return activity.Context;
    }

    private static async Task<JsonElement> PostAsync(WebHost host, CollectedTelemetry telemetry, string path, string body) =>
        JsonDocument.Parse(await SendAsync(host, telemetry, HttpMethod.Post, path, body)).RootElement;

    private static async Task<string> SendAsync(
        WebHost host, CollectedTelemetry telemetry, HttpMethod verb, string path, string? body)
    {
        using var request = new HttpRequestMessage(verb, path);
        if (body is not null)
            request.Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        request.Headers.Add("traceparent", telemetry.TraceParent);
        request.Headers.Add("A2A-Version", "1.0");
        using var response = await host.Client.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }

    private static void AssertTags(Activity span, params (string Name, object? Value)[] tags) =>
        Assert.Equal(tags, tags.Select(tag => (tag.Name, span.GetTagItem(tag.Name))));

    /// <summary>The traces that runs were requested in.</summary>
    private sealed class TracedQueue : ITaskQueue
    {
        public List<string?> Traces { get; } = [];

        public ValueTask PublishRunAsync(RunRequest request, CancellationToken cancellationToken)
        {
            Traces.Add(Activity.Current?.Id);
            return ValueTask.CompletedTask;
        }
    }
}
