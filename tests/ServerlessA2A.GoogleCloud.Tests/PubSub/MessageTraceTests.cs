using System.Diagnostics;
using ServerlessA2A.GoogleCloud.PubSub;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.GoogleCloud.Tests.PubSub;

public class MessageTraceTests
{
    private static readonly Uri Source = new("//pubsub.googleapis.com/projects/p/topics/a2a-tasks", UriKind.RelativeOrAbsolute);

    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";
    private const string TraceParent = $"00-{TraceId}-b7ad6b7169203331-01";

    [SkippableFact]
    public async Task WhatAMessageIsPublishedInIsWhatItIsHandledIn()
    {
        var queue = await TestQueue.CreateAsync();
        using var sending = new Activity("send") { TraceStateString = "vendor=1" }.SetParentId(TraceParent).Start();
        await queue.PublishRunAsync(new RunRequest("task-1"), default);
        sending.Stop();

        var message = await queue.TakeMessageAsync(default).WithinLimit("the message comes");
        using var running = MessageTrace.Begin(Source, message);

        Assert.Same(running, Activity.Current);
        Assert.Equal((TraceId, sending.SpanId), (running.TraceId.ToHexString(), running.ParentSpanId));
        Assert.Equal("vendor=1", running.TraceStateString);
        Assert.True(running.Recorded);
    }

    [Theory]
    [InlineData(1024, true)]
    [InlineData(1025, false)]
    public void AStateThatPubSubWouldRejectIsLeftOut(int length, bool isWritten)
    {
        var attributes = new Dictionary<string, string>();
        using (new Activity("send") { TraceStateString = "v=" + new string('1', length - 2) }.SetParentId(TraceParent).Start())
            MessageTrace.Write(attributes);

        Assert.Contains("traceparent", attributes.Keys);
        Assert.Equal(isWritten, attributes.ContainsKey("tracestate"));
    }

    [SkippableFact]
    public async Task WithoutATraceNoneIsPublished()
    {
        var queue = await TestQueue.CreateAsync();
        Activity.Current = null;

        await queue.PublishRunAsync(new RunRequest("task-1"), default);

        Assert.Empty((await queue.TakeMessageAsync(default).WithinLimit("the message comes")).Attributes);
    }

    [Fact]
    public void AListenerSeesTheProcessOfTheTopicsMessageBelowItsPublisher()
    {
        using var telemetry = CollectedTelemetry.Start();
        var message = Message(telemetry.TraceParent) with { MessageId = "m-1", PublishTime = DateTimeOffset.UtcNow.AddSeconds(-5) };

        MessageTrace.Begin(Source, message).Dispose();

        var span = Assert.Single(telemetry.Spans);
        Assert.Equal(("process a2a-tasks", ActivityKind.Consumer), (span.DisplayName, span.Kind));
        Assert.Equal(telemetry.TraceParent.Split('-')[2], span.ParentSpanId.ToHexString());
        Assert.Equal("gcp_pubsub", span.GetTagItem("messaging.system"));
        Assert.Equal("a2a-tasks", span.GetTagItem("messaging.destination.name"));
        Assert.Equal("m-1", span.GetTagItem("messaging.message.id"));
        var delay = Assert.Single(telemetry.Measured("a2a.queue.delay"));
        Assert.InRange(delay.Value, 5, 60);
        Assert.Equal("a2a-tasks", delay.Tags["messaging.destination.name"]);
    }

    [Fact]
    public async Task AFailureOfTheHandlingIsRecorded()
    {
        using var telemetry = CollectedTelemetry.Start();

        await Assert.ThrowsAsync<InvalidDataException>(() => MessageTrace.HandleAsync(
            Source, Message(telemetry.TraceParent), _ => throw new InvalidDataException("secret"), CancellationToken.None));

        var span = Assert.Single(telemetry.Spans);
        Assert.Equal((ActivityStatusCode.Error, "InvalidDataException"), (span.Status, span.GetTagItem("error.type")));
    }

    [SkippableFact]
    public async Task APublishIsASpanThatTheMessageContinues()
    {
        var queue = await TestQueue.CreateAsync();
        using var telemetry = CollectedTelemetry.Start();

        await queue.PublishRunAsync(new RunRequest("task-1"), default);
        var message = await queue.TakeMessageAsync(default).WithinLimit("the message comes");

        var span = Assert.Single(telemetry.Spans);
        Assert.Equal(ActivityKind.Producer, span.Kind);
        Assert.StartsWith("send ", span.DisplayName, StringComparison.Ordinal);
        Assert.Equal(span.Id, message.Attributes["traceparent"]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("00-1-2-01")]
    [InlineData("00-00000000000000000000000000000000-0000000000000000-01")]
    public void AMessageThatNamesNoTraceGoesOnWithTheRequestsOwn(string? traceParent)
    {
        using var request = new Activity("request").Start();

        using (var running = MessageTrace.Begin(Source, Message(traceParent)))
            Assert.Equal((request.TraceId, request.SpanId), (running.TraceId, running.ParentSpanId));

        Assert.Same(request, Activity.Current);
    }

    private static PubSubMessage Message(string? traceParent) =>
        traceParent is null ? new PubSubMessage()
            : new PubSubMessage { Attributes = new Dictionary<string, string> { ["traceparent"] = traceParent } };
}
