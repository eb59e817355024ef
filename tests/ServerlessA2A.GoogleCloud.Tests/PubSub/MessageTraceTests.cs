using System.Diagnostics;
using ServerlessA2A.GoogleCloud.PubSub;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.GoogleCloud.Tests.PubSub;

public class MessageTraceTests
{
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
        using var running = MessageTrace.Begin("run task", message);

        Assert.Same(running, Activity.Current);
        Assert.Equal((TraceId, sending.SpanId), (running.TraceId.ToHexString(), running.ParentSpanId));
        Assert.Equal("vendor=1", running.TraceStateString);
        Assert.True(running.Recorded);
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
    public void WhoListensSeesAConsumerUnderTheMessagesTrace()
    {
        List<Activity> seen = [];
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "ServerlessA2A",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.OperationName == "of the test")
                    seen.Add(activity);
            },
        };
        ActivitySource.AddActivityListener(listener);

        MessageTrace.Begin("of the test", Message(TraceParent)).Dispose();

        var activity = Assert.Single(seen);
        Assert.Equal((ActivityKind.Consumer, TraceId), (activity.Kind, activity.TraceId.ToHexString()));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("00-1-2-01")]
    [InlineData("00-00000000000000000000000000000000-0000000000000000-01")]
    public void AMessageThatNamesNoTraceGoesOnWithTheRequestsOwn(string? traceParent)
    {
        using var request = new Activity("request").Start();

        using (var running = MessageTrace.Begin("run task", Message(traceParent)))
            Assert.Equal((request.TraceId, request.SpanId), (running.TraceId, running.ParentSpanId));

        Assert.Same(request, Activity.Current);
    }

    private static PubSubMessage Message(string? traceParent) =>
        traceParent is null ? new PubSubMessage()
            : new PubSubMessage { Attributes = new Dictionary<string, string> { ["traceparent"] = traceParent } };
}
