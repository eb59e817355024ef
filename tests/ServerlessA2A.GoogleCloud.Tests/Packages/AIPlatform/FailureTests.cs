using Google.Cloud.AIPlatform.V1;
using Grpc.Core;
using ServerlessA2A.FakeVertex;
using ServerlessA2A.Tests.Support;
using static Google.Cloud.AIPlatform.V1.GenerateContentResponse.Types.PromptFeedback.Types;
using static Google.Cloud.AIPlatform.V1.PredictionServiceClient;

namespace ServerlessA2A.GoogleCloud.Tests.Packages.AIPlatform;

public class FailureTests : AIPlatformTest
{
    [Theory]
    [InlineData(StatusCode.Cancelled)]
    [InlineData(StatusCode.Unknown)]
    [InlineData(StatusCode.InvalidArgument)]
    [InlineData(StatusCode.DeadlineExceeded)]
    [InlineData(StatusCode.NotFound)]
    [InlineData(StatusCode.PermissionDenied)]
    [InlineData(StatusCode.ResourceExhausted)]
    [InlineData(StatusCode.FailedPrecondition)]
    [InlineData(StatusCode.Aborted)]
    [InlineData(StatusCode.Internal)]
    [InlineData(StatusCode.Unavailable)]
    [InlineData(StatusCode.Unauthenticated)]
    public async Task AStatusIsTheFailureBeforeAMessageAsAfterOne(StatusCode code)
    {
        Vertex.Enqueue(ModelTurn.Fail(code, "Größe: 5 %"), ModelTurn.Say("Hel").Fail(code, "Größe: 5 %"));

        var before = await FailureOfAsync(Client.StreamGenerateContent(Ask("Hi")));
        var (first, after) = await FailureAfterTheFirstAsync(Client.StreamGenerateContent(Ask("Hi")));

        Assert.Equal((code, "Größe: 5 %"), (before.StatusCode, before.Status.Detail));
        Assert.Equal(("Hel", code, "Größe: 5 %"), (first, after.StatusCode, after.Status.Detail));
        Assert.Equal([CallEnd.Failed, CallEnd.Failed], await Task.WhenAll(Vertex.Calls.Select(EndOfAsync)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TheTrailersSayWhenToTryAgain(bool begunToAnswer)
    {
        var turn = begunToAnswer ? ModelTurn.Say("Hel") : ModelTurn.Say();
        Vertex.Enqueue(turn.Fail(StatusCode.ResourceExhausted, "Quota", retryAfter: TimeSpan.FromSeconds(1.5)));

        var failure = await FailureOfAsync(Client.StreamGenerateContent(Ask("Hi")));

        Assert.Equal(TimeSpan.FromSeconds(1.5), RetryDelay(failure.Trailers.GetValueBytes("grpc-status-details-bin")!));
        Assert.Equal(
            failure.Trailers.GetValueBytes("grpc-status-details-bin"), failure.Trailers.Get("grpc-status-details-bin")!.ValueBytes);
        Assert.Null(failure.Trailers.Get("grpc-status"));
        Assert.Null(failure.Trailers.GetValue("no-such"));
    }

    [Fact]
    public async Task AConnectionThatIsCutIsUnavailableAndTheNextCallHasAnotherOne()
    {
        var read = new TaskCompletionSource();
        Vertex.Enqueue(ModelTurn.Say("Hel").Wait(read.Task).Cut(), ModelTurn.Say("Hello"));

        var (first, failure) = await FailureAfterTheFirstAsync(Client.StreamGenerateContent(Ask("Hi")), read);

        Assert.Equal(("Hel", StatusCode.Unavailable), (first, failure.StatusCode));
        Assert.Equal(CallEnd.Cut, await EndOfAsync(Vertex.Calls.Single()));
        Assert.Equal("Hello", Text(Assert.Single(await ReadAsync(Client.StreamGenerateContent(Ask("Hi"))))));
    }

    [Fact]
    public async Task AConnectionThatIsCutBeforeTheAnswerIsUnavailable()
    {
        Vertex.Enqueue(ModelTurn.Cut());

        Assert.Equal(StatusCode.Unavailable, (await FailureOfAsync(Client.StreamGenerateContent(Ask("Hi")))).StatusCode);
    }

    [Theory]
    [InlineData(2, StatusCode.Internal)]
    [InlineData(7, StatusCode.Unavailable)]
    [InlineData(8, StatusCode.Cancelled)]
    [InlineData(11, StatusCode.ResourceExhausted)]
    public async Task AStreamThatIsResetFailsAsItsErrorCodeSays(int errorCode, StatusCode expected)
    {
        var read = new TaskCompletionSource();
        Vertex.Enqueue(ModelTurn.Say("Hel").Wait(read.Task).Reset(errorCode));

        var (first, failure) = await FailureAfterTheFirstAsync(Client.StreamGenerateContent(Ask("Hi")), read);

        Assert.Equal(("Hel", expected), (first, failure.StatusCode));
    }

    [Fact]
    public async Task NobodyThereIsUnavailable()
    {
        await Vertex.DisposeAsync();

        Assert.Equal(StatusCode.Unavailable, (await FailureOfAsync(Client.StreamGenerateContent(Ask("Hi")))).StatusCode);
        Assert.Equal(
            StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => Client.GenerateContentAsync(Ask("Hi")))).StatusCode);
    }

    [Theory]
    [InlineData(400, StatusCode.Internal)]
    [InlineData(401, StatusCode.Unauthenticated)]
    [InlineData(403, StatusCode.PermissionDenied)]
    [InlineData(404, StatusCode.Unimplemented)]
    [InlineData(429, StatusCode.Unavailable)]
    [InlineData(500, StatusCode.Unknown)]
    [InlineData(502, StatusCode.Unavailable)]
    [InlineData(503, StatusCode.Unavailable)]
    [InlineData(504, StatusCode.Unavailable)]
    [InlineData(200, StatusCode.Cancelled)]
    public async Task AnAnswerThatIsNoGrpcFailsAsItsHttpStatusSays(int status, StatusCode expected)
    {
        Vertex.Answer = _ => ModelTurn.Http(status, "text/html", "<h1>Proxy</h1>");

        Assert.Equal(expected, (await FailureOfAsync(Client.StreamGenerateContent(Ask("Hi")))).StatusCode);
        Assert.Equal(expected, (await Assert.ThrowsAsync<RpcException>(() => Client.GenerateContentAsync(Ask("Hi")))).StatusCode);
    }

    [Fact]
    public async Task AnAnswerWithoutAStatusFails()
    {
        Vertex.Enqueue(ModelTurn.Http(200, "application/grpc"));

        Assert.Equal(StatusCode.Cancelled, (await FailureOfAsync(Client.StreamGenerateContent(Ask("Hi")))).StatusCode);
    }

    [Fact]
    public async Task AnUnreadableMessageIsUnavailableAndEndsTheCall()
    {
        Vertex.Enqueue(ModelTurn.Say("Hel").Garbage().Hang());

        var (first, failure) = await FailureAfterTheFirstAsync(Client.StreamGenerateContent(Ask("Hi")));

        // protobuf's exception is an IOException, which to gRPC is a connection that broke.
        Assert.Equal(("Hel", StatusCode.Unavailable), (first, failure.StatusCode));
        Assert.Equal(CallEnd.ClientGone, await EndOfAsync(Vertex.Calls.Single()));
    }

    [Fact]
    public async Task APromptThatIsBlockedIsAnAnswer()
    {
        var rating = new SafetyRating { Category = HarmCategory.Harassment, Blocked = true };
        Vertex.Enqueue(
            ModelTurn.BlockPrompt(BlockedReason.ProhibitedContent, "Not that.", rating).WithUsage(input: 4, output: 0, total: 4));

        var answer = Assert.Single(await ReadAsync(Client.StreamGenerateContent(Ask("Hi"))));

        Assert.Empty(answer.Candidates);
        Assert.Equal(
            (BlockedReason.ProhibitedContent, "Not that."), (answer.PromptFeedback.BlockReason, answer.PromptFeedback.BlockReasonMessage));
        Assert.Equal([rating], answer.PromptFeedback.SafetyRatings);
        Assert.Equal(4, answer.UsageMetadata.TotalTokenCount);
    }

    private static async Task<(string First, RpcException Failure)> FailureAfterTheFirstAsync(
        StreamGenerateContentStream stream, TaskCompletionSource? read = null)
    {
        using (stream)
        {
            var messages = stream.GetResponseStream();
            Assert.True(await messages.MoveNextAsync().AsTask().WithinLimit("the first message"));
            var first = Text(messages.Current);
            read?.SetResult();
            return (first, await Assert.ThrowsAsync<RpcException>(() => messages.MoveNextAsync().AsTask())
                .WithinLimit("the failure of the call"));
        }
    }

    private static TimeSpan RetryDelay(byte[] status) =>
        Assert.Single(Google.Rpc.Status.Parser.ParseFrom(status).Details).Unpack<Google.Rpc.RetryInfo>().RetryDelay.ToTimeSpan();
}
