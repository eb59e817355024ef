using Google.Api.Gax;
using Google.Api.Gax.Grpc;
using Grpc.Core;
using ServerlessA2A.FakeVertex;
using ServerlessA2A.Tests.Support;
using static Google.Cloud.AIPlatform.V1.Candidate.Types;

namespace ServerlessA2A.GoogleCloud.Tests.Packages.AIPlatform;

/// <summary>The call that is answered all at once.</summary>
public class GenerateContentTests : AIPlatformTest
{
    [Fact]
    public async Task TheAnswerIsWhole()
    {
        Vertex.Enqueue(ModelTurn.Say("Hel", "lo").WithUsage(input: 3, output: 2, total: 9).Finish(FinishReason.MaxTokens, "enough"));

        var answer = await Client.GenerateContentAsync(Ask("Hi"));
        var candidate = Assert.Single(answer.Candidates);
        var call = Vertex.Calls.Single();

        Assert.Equal(
            ("Hello", FinishReason.MaxTokens, "enough", 9),
            (Text(answer), candidate.FinishReason, candidate.FinishMessage, answer.UsageMetadata.TotalTokenCount));
        Assert.False(call.IsStreaming);
        Assert.Equal(Ask("Hi"), call.Request);
        Assert.StartsWith("model=projects%2Fp%2F", call.Headers["x-goog-request-params"], StringComparison.Ordinal);
        Assert.Equal(CallEnd.Completed, await EndOfAsync(call));
    }

    [Fact]
    public async Task AFailureIsAStatus()
    {
        Vertex.Enqueue(ModelTurn.Fail(StatusCode.InvalidArgument, "No such model: 100 % sure"));

        var failure = await Assert.ThrowsAsync<RpcException>(() => Client.GenerateContentAsync(Ask("Hi")));

        Assert.Equal((StatusCode.InvalidArgument, "No such model: 100 % sure"), (failure.StatusCode, failure.Status.Detail));
    }

    [Fact]
    public async Task AnUnreadableMessageIsUnavailable()
    {
        Vertex.Enqueue(ModelTurn.Garbage());

        Assert.Equal(
            StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => Client.GenerateContentAsync(Ask("Hi")))).StatusCode);
    }

    [Fact]
    public async Task ACancelledCallIsOverAtTheModel()
    {
        Vertex.Enqueue(ModelTurn.Hang());
        using var cancellation = new CancellationTokenSource();

        var answer = Client.GenerateContentAsync(Ask("Hi"), cancellation.Token);
        var call = await Vertex.NextCallAsync(Guard.Limit);
        await cancellation.CancelAsync();
        var failure = await Assert.ThrowsAsync<RpcException>(() => answer).WithinLimit("the failure of the call");

        Assert.Equal(StatusCode.Cancelled, failure.StatusCode);
        Assert.Equal(CallEnd.ClientGone, await EndOfAsync(call));
    }

    [Fact]
    public async Task ACallThatTakesTooLongIsOverAtTheModel()
    {
        Vertex.Answer = _ => ModelTurn.Hang();

        // On a slow machine the time may be over before the call has arrived.
        for (var time = TimeSpan.FromSeconds(0.5); Vertex.Calls.Count == 0; time *= 2)
        {
            var answer = Client.GenerateContentAsync(Ask("Hi"), CallSettings.FromExpiration(Expiration.FromTimeout(time)));
            Assert.Equal(
                StatusCode.DeadlineExceeded,
                (await Assert.ThrowsAsync<RpcException>(() => answer).WithinLimit("the failure of the call")).StatusCode);
        }

        Assert.Equal(CallEnd.ClientGone, await EndOfAsync(Vertex.Calls[0]));
    }
}
