using Google.Api.Gax;
using Google.Api.Gax.Grpc;
using Google.Cloud.AIPlatform.V1;
using Grpc.Core;
using ServerlessA2A.FakeVertex;
using ServerlessA2A.Tests.Support;
using static Google.Cloud.AIPlatform.V1.PredictionServiceClient;

namespace ServerlessA2A.GoogleCloud.Tests.Packages.AIPlatform;

/// <summary>Calls that their caller ends: the model hears of it at once, and works no more for nobody.</summary>
public class EndOfCallTests : AIPlatformTest
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ACancelledCallFailsAsCancelledAndIsOverAtTheModel(bool begunToAnswer)
    {
        Vertex.Enqueue(begunToAnswer ? ModelTurn.Say("Hel").Hang() : ModelTurn.Hang());
        using var cancellation = new CancellationTokenSource();

        using var stream = Client.StreamGenerateContent(Ask("Hi"), CallSettings.FromCancellationToken(cancellation.Token));
        var (call, messages) = await BeginAsync(stream, begunToAnswer);
        var next = messages.MoveNextAsync().AsTask();
        await cancellation.CancelAsync();
        var failure = await Assert.ThrowsAsync<RpcException>(() => next).WithinLimit("the failure of the call");

        Assert.Equal(StatusCode.Cancelled, failure.StatusCode);
        Assert.Equal(CallEnd.ClientGone, await EndOfAsync(call));
        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => messages.MoveNextAsync().AsTask())).StatusCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ACancelledCallIsOverAtTheModelWhetherOrNotItIsRead(bool begunToAnswer)
    {
        Vertex.Enqueue(begunToAnswer ? ModelTurn.Say("Hel").Hang() : ModelTurn.Hang());
        using var cancellation = new CancellationTokenSource();

        using var stream = Client.StreamGenerateContent(Ask("Hi"), CallSettings.FromCancellationToken(cancellation.Token));
        var (call, messages) = await BeginAsync(stream, begunToAnswer);
        await cancellation.CancelAsync();

        Assert.Equal(CallEnd.ClientGone, await EndOfAsync(call));
        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => messages.MoveNextAsync().AsTask())).StatusCode);
    }

    [Fact]
    public async Task ACancelledReadCancelsTheCall()
    {
        Vertex.Enqueue(ModelTurn.Say("Hel").Hang());
        using var cancellation = new CancellationTokenSource();

        using var stream = Client.StreamGenerateContent(Ask("Hi"));
        var (call, messages) = await BeginAsync(stream, begunToAnswer: true);
        var next = messages.MoveNextAsync(cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        var failure = await Assert.ThrowsAsync<RpcException>(() => next).WithinLimit("the failure of the call");

        Assert.Equal(StatusCode.Cancelled, failure.StatusCode);
        Assert.Equal(CallEnd.ClientGone, await EndOfAsync(call));
    }

    [Fact]
    public async Task ATokenThatIsCancelledAlreadyMakesNoCall()
    {
        using var stream = Client.StreamGenerateContent(
            Ask("Hi"), CallSettings.FromCancellationToken(new CancellationToken(canceled: true)));

        Assert.Equal(StatusCode.Cancelled, (await FailureOfAsync(stream)).StatusCode);
        Assert.Empty(Vertex.Calls);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ACallThatIsDisposedOfIsOverAtTheModel(bool begunToAnswer)
    {
        Vertex.Enqueue(begunToAnswer ? ModelTurn.Say("Hel").Hang() : ModelTurn.Hang());

        var stream = Client.StreamGenerateContent(Ask("Hi"));
        var (call, messages) = await BeginAsync(stream, begunToAnswer);
        var next = messages.MoveNextAsync().AsTask();
        stream.Dispose();
        var failure = await Assert.ThrowsAsync<RpcException>(() => next).WithinLimit("the failure of the call");

        Assert.Equal(StatusCode.Cancelled, failure.StatusCode);
        Assert.Equal(CallEnd.ClientGone, await EndOfAsync(call));
    }

    [Fact]
    public async Task ACallThatHasEndedMayBeCancelledAndDisposedOf()
    {
        Vertex.Enqueue(ModelTurn.Say("Hello"));
        using var cancellation = new CancellationTokenSource();
        var stream = Client.StreamGenerateContent(Ask("Hi"), CallSettings.FromCancellationToken(cancellation.Token));

        await ReadAsync(stream);
        await cancellation.CancelAsync();
        stream.Dispose();

        Assert.Equal(CallEnd.Completed, await EndOfAsync(Vertex.Calls.Single()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ACallThatTakesTooLongFailsAsSuchAndIsOverAtTheModel(bool begunToAnswer)
    {
        Vertex.Answer = _ => begunToAnswer ? ModelTurn.Say("Hel").Hang() : ModelTurn.Hang();

        // On a slow machine the time may be over before the call has arrived.
        for (var time = TimeSpan.FromSeconds(0.5); Vertex.Calls.Count == 0; time *= 2)
            Assert.Equal(
                StatusCode.DeadlineExceeded,
                (await FailureOfAsync(
                Client.StreamGenerateContent(Ask("Hi"), CallSettings.FromExpiration(Expiration.FromTimeout(time))))).StatusCode);
        var call = Vertex.Calls[0];

        Assert.Equal(CallEnd.ClientGone, await EndOfAsync(call));
        Assert.Matches("^[0-9]{1,8}[HMSmun]$", call.Headers["grpc-timeout"]);
    }

    [Fact]
    public async Task TheSettingsOfTheClientHoldForCallsThatHaveNoneOfTheirOwn()
    {
        Vertex.Answer = _ => ModelTurn.Say("Hello");
        var client = Connect(new()
        {
            StreamGenerateContentSettings = CallSettings.FromExpiration(Expiration.FromTimeout(TimeSpan.FromHours(1))),
            GenerateContentSettings = CallSettings.FromExpiration(Expiration.FromTimeout(TimeSpan.FromHours(1))),
        });

        await ReadAsync(client.StreamGenerateContent(Ask("Hi")));
        await ReadAsync(client.StreamGenerateContent(Ask("Hi"), CallSettings.FromCancellationToken(CancellationToken.None)));
        await client.GenerateContentAsync(Ask("Hi"), CancellationToken.None);
        await ReadAsync(client.StreamGenerateContent(Ask("Hi"), CallSettings.FromExpiration(Expiration.None)));

        Assert.Equal([true, true, true, false], Vertex.Calls.Select(call => call.Headers.ContainsKey("grpc-timeout")));
    }

    private async Task<(ModelCall Call, AsyncResponseStream<GenerateContentResponse> Messages)> BeginAsync(
        StreamGenerateContentStream stream, bool begunToAnswer)
    {
        var call = await Vertex.NextCallAsync(Guard.Limit);
        var messages = stream.GetResponseStream();
        if (begunToAnswer)
            Assert.True(await messages.MoveNextAsync().AsTask().WithinLimit("the first message"));
        return (call, messages);
    }
}
