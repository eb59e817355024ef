using Grpc.Core;
using ServerlessA2A.FakeVertex;
using ServerlessA2A.Tests.Support;
using static Google.Cloud.AIPlatform.V1.Candidate.Types;

namespace ServerlessA2A.GoogleCloud.Tests.Packages.AIPlatform;

/// <summary>What other tests rely on.</summary>
public class FakeVertexTests : AIPlatformTest
{
    [Fact]
    public async Task TurnsAreTakenInTheirOrderAndThenTheAnswerIsAsked()
    {
        Vertex.Answer = request => ModelTurn.Say($"Answer to {request.Contents[0].Parts[0].Text}");
        Vertex.Enqueue(ModelTurn.Say("one"), ModelTurn.Say("two"));

        List<string> answers = [];
        foreach (var n in Enumerable.Range(1, 4))
            answers.Add(Text(await Client.GenerateContentAsync(Ask($"{n}"))));

        Assert.Equal(["one", "two", "Answer to 3", "Answer to 4"], answers);
        Assert.Equal(["1", "2", "3", "4"], Vertex.Calls.Select(call => call.Request.Contents[0].Parts[0].Text));
    }

    [Fact]
    public async Task WithoutEitherACallFailsAndSaysSo()
    {
        var failure = await FailureOfAsync(Client.StreamGenerateContent(Ask("Hi")));

        Assert.Equal(StatusCode.Unimplemented, failure.StatusCode);
        Assert.Contains("No turn is enqueued for call 1", failure.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnAnswerThatThrowsFailsTheCallAndSaysWhy()
    {
        Vertex.Answer = _ => throw new InvalidOperationException("not expected");

        var failure = await FailureOfAsync(Client.StreamGenerateContent(Ask("Hi")));

        Assert.Equal((StatusCode.Internal, "The turn failed: not expected"), (failure.StatusCode, failure.Status.Detail));
    }

    [Fact]
    public async Task AWaitIsOverWhenItsTaskIsAndTheTurnFinishesAfterIt()
    {
        Vertex.Enqueue(ModelTurn.Say("Hello").WithUsage(1, 2, 3).Wait(Task.FromException(new InvalidOperationException())));

        var messages = await ReadAsync(Client.StreamGenerateContent(Ask("Hi")));

        Assert.Equal(["Hello", ""], messages.Select(Text));
        Assert.Equal([FinishReason.Unspecified, FinishReason.Stop], messages.Select(message => message.Candidates[0].FinishReason));
        Assert.Equal(3, messages[1].UsageMetadata.TotalTokenCount);
    }

    [Fact]
    public async Task ARawMessageIsLeftAsItIs()
    {
        var raw = new Google.Cloud.AIPlatform.V1.GenerateContentResponse { ModelVersion = "mine" };
        Vertex.Enqueue(ModelTurn.Raw(raw), ModelTurn.Raw(raw).Finish(FinishReason.Spii));

        Assert.Equal([raw], await ReadAsync(Client.StreamGenerateContent(Ask("Hi"))));
        Assert.Equal(
            [FinishReason.Spii], (await ReadAsync(Client.StreamGenerateContent(Ask("Hi")))).SelectMany(message => message.Candidates)
            .Select(candidate => candidate.FinishReason));
    }

    [Fact]
    public async Task ATurnGoesOnWithAnother()
    {
        var said = ModelTurn.Say("a");
        Vertex.Enqueue(said.Then(said).Then(ModelTurn.Think("b").Finish(FinishReason.Safety)), said);

        var joined = await ReadAsync(Client.StreamGenerateContent(Ask("Hi")));
        var alone = await ReadAsync(Client.StreamGenerateContent(Ask("Hi")));

        Assert.Equal(["a", "a", "b"], joined.Select(Text));
        Assert.Equal(
            [FinishReason.Unspecified, FinishReason.Unspecified, FinishReason.Safety],
            joined.Select(message => message.Candidates[0].FinishReason));
        Assert.Equal(FinishReason.Stop, Assert.Single(alone).Candidates[0].FinishReason);
    }

    [Fact]
    public async Task ItEndsWhileCallsGoOn()
    {
        Vertex.Answer = request =>
            request.Contents[0].Parts[0].Text == "hang" ? ModelTurn.Hang() : ModelTurn.Say("Hel").Wait(new TaskCompletionSource().Task);
        var hanging = FailureOfAsync(Client.StreamGenerateContent(Ask("hang")));
        var waiting = FailureOfAsync(Client.StreamGenerateContent(Ask("wait")));
        ModelCall[] calls = [await Vertex.NextCallAsync(Guard.Limit), await Vertex.NextCallAsync(Guard.Limit)];

        await Vertex.DisposeAsync().AsTask().WithinLimit("the end of the fake model");
        await Task.WhenAll(hanging, waiting);

        Assert.Equal([CallEnd.Stopped, CallEnd.Stopped], await Task.WhenAll(calls.Select(EndOfAsync)));
    }

    [Fact]
    public async Task ACallThatDoesNotComeIsMissedAndIsThereWhenItComes()
    {
        await Assert.ThrowsAsync<TimeoutException>(() => Vertex.NextCallAsync(TimeSpan.FromMilliseconds(1)));
        Vertex.Enqueue(ModelTurn.Say("Hello"));

        await Client.GenerateContentAsync(Ask("Hi"));

        Assert.Equal(Ask("Hi"), (await Vertex.NextCallAsync(Guard.Limit)).Request);
    }
}
