using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Google.Apis.Auth.OAuth2.Responses;
using Google.Cloud.AIPlatform.V1;
using Grpc.Core;
using Microsoft.Extensions.AI;
using ServerlessA2A.FakeVertex;
using ServerlessA2A.GoogleCloud.Credentials;
using ServerlessA2A.GoogleCloud.Gemini.Chat;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.GoogleCloud.Tests.Gemini.Chat;

/// <summary>The chat client by itself, as whoever uses it without the agent does.</summary>
public sealed class GeminiChatClientTests : IAsyncLifetime
{
    private readonly ManualTimeProvider _time = new();
    private FakeVertexAI _vertex = null!;

    public async Task InitializeAsync() => _vertex = await FakeVertexAI.StartAsync();

    public Task DisposeAsync() => _vertex.DisposeAsync().AsTask();

    [Fact]
    public async Task AnAnswerComesAtOnceWithItsUsage()
    {
        _vertex.Enqueue(ModelTurn.Say("Hel", "lo.").WithUsage(input: 3, output: 5, total: 15, cached: 2, thoughts: 7));
        using var client = NewClient();

        var response = await client.GetResponseAsync("Hi");

        Assert.False(Assert.Single(_vertex.Calls).IsStreaming);
        Assert.Equal(("Hello.", ChatFinishReason.Stop, "gemini-test"), (response.Text, response.FinishReason, response.ModelId));
        var usage = response.Usage!;
        Assert.Equal(
            (3, 12, 7, 2, 15),
            (usage.InputTokenCount, usage.OutputTokenCount, usage.ReasoningTokenCount, usage.CachedInputTokenCount, usage.TotalTokenCount));
    }

    [Fact]
    public async Task AnAnswerIsStreamedAsItComes()
    {
        var heard = new TaskCompletionSource();
        _vertex.Enqueue(ModelTurn.Say("Hel").Wait(heard.Task).Say("lo.").WithUsage(1, 1, 2));
        using var client = NewClient();
        var updates = new List<ChatResponseUpdate>();

        await foreach (var update in client.GetStreamingResponseAsync("Hi"))
        {
            updates.Add(update);
            heard.TrySetResult();
        }

        Assert.Equal(["Hel", "lo.", ""], updates.Select(update => update.Text));
        Assert.Equal(2, updates.ToChatResponse().Usage!.TotalTokenCount);
    }

    [Fact]
    public async Task AnAnswerAtOnceIsTriedAgainToo()
    {
        _vertex.Enqueue(ModelTurn.Fail(StatusCode.Unavailable), ModelTurn.Say("Hello."));
        using var client = NewClient();

        var answer = client.GetResponseAsync("Hi");
        await PassAsync(TimeSpan.FromSeconds(0.5));

        Assert.Equal("Hello.", (await answer.WithinLimit("the answer comes")).Text);
    }

    [Fact]
    public async Task AfterTheLastTryTheFailureIsTold()
    {
        _vertex.Answer = _ => ModelTurn.Fail(StatusCode.Unavailable, "Down.");
        using var client = NewClient(maxTries: 3);

        var answer = client.GetResponseAsync("Hi");
        await PassAsync(TimeSpan.FromSeconds(0.5));
        await PassAsync(TimeSpan.FromSeconds(1));

        var failure = await Assert.ThrowsAsync<GeminiException>(() => answer.WithinLimit("the answer comes"));
        Assert.Equal(
            (StatusCode.Unavailable, true, "Gemini failed or could not be reached: Unavailable: Down."),
            (failure.StatusCode, failure.IsTransient, failure.Message));
        Assert.Equal(3, _vertex.Calls.Count);
    }

    [Fact]
    public async Task AConversationThatEndsWithTheModelIsGoneOnWith()
    {
        _vertex.Enqueue(ModelTurn.Say("jumps."));
        using var client = NewClient();

        var response = await client.GetResponseAsync([new(ChatRole.User, "Go"), new(ChatRole.Assistant, "The fox ")]);

        Assert.Equal("jumps.", response.Text);
        Assert.Equal(["user", "model", "user"], _vertex.Calls[0].Request.Contents.Select(content => content.Role));
    }

    [Fact]
    public async Task SeveralBreaksInOneAnswerLoseAndDoubleNothing()
    {
        const string Text = "The quick brown fox jumps over the lazy dog and back again.";
        var heard = new SemaphoreSlim(0);
        _vertex.Enqueue(
            ModelTurn.Say(Text[..20]).Wait(heard.WaitAsync()).Cut(),
            ModelTurn.Say(Text[20..32]).Wait(heard.WaitAsync()).Reset(2),
            ModelTurn.Say(Text[..40]).Wait(heard.WaitAsync()).Cut(),
            ModelTurn.Say(Text[25..]));
        using var client = NewClient();
        var said = "";

        var listening = ListenAsync();
        foreach (var _ in Enumerable.Range(0, 3))
            await PassAsync(TimeSpan.FromSeconds(0.5));
        await listening.WithinLimit("the answer ends");

        Assert.Equal(Text, said);

        async Task ListenAsync()
        {
            await foreach (var update in client.GetStreamingResponseAsync("Go"))
            {
                said += update.Text;
                heard.Release();
            }
        }
    }

    [Fact]
    public async Task WhoeverStopsListeningEndsTheCall()
    {
        _vertex.Enqueue(ModelTurn.Say("Hel").Hang());
        using var client = NewClient();

        await foreach (var _ in client.GetStreamingResponseAsync("Hi"))
            break;

        Assert.Equal(CallEnd.ClientGone, await _vertex.Calls[0].Ended.WithinLimit("the call ends"));
    }

    [Fact]
    public async Task WhoeverCancelsIsNotToldOfAFailure()
    {
        _vertex.Enqueue(ModelTurn.Hang(), ModelTurn.Hang());
        using var client = NewClient();
        using var stop = new CancellationTokenSource();
        var whole = client.GetResponseAsync("Hi", cancellationToken: stop.Token);
        var streamed = client.GetStreamingResponseAsync("Hi", cancellationToken: stop.Token).ToChatResponseAsync(stop.Token);
        await _vertex.NextCallAsync(Guard.Limit);
        await _vertex.NextCallAsync(Guard.Limit);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => whole.WithinLimit("the call ends"));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => streamed.WithinLimit("the stream ends"));
    }

    [Fact]
    public async Task CredentialsThatAreNotThereAreToldOfAndLookedForAgain()
    {
        var tries = 0;
        _vertex.Enqueue(ModelTurn.Say("Hello."));
        using var client = new GeminiChatClient(
            () => ++tries == 1 ? throw new InvalidOperationException("No default credentials.") : ConnectAsync(), Settings(), _time, () =>
            0);

        var failure = await Assert.ThrowsAsync<GeminiException>(() => client.GetResponseAsync("Hi"));
        Assert.Equal($"Vertex AI cannot be called: No default credentials. {DefaultCredential.Remedy}", failure.Message);
        Assert.Equal("Hello.", (await client.GetResponseAsync("Hi")).Text);
    }

    public static TheoryData<Exception> FaultsThatPass { get; } =
    [
        new HttpRequestException("Connection refused."),
        new HttpRequestException(HttpRequestError.Unknown, "The metadata server is busy.", null, HttpStatusCode.ServiceUnavailable),
        new SocketException((int)SocketError.HostUnreachable),
        new IOException("Connection reset."),
        new TimeoutException("The metadata server did not answer."),
        new TaskCanceledException("The request timed out.", new TimeoutException()),
        new InvalidOperationException("The token could not be fetched.", new HttpRequestException("Connection refused.")),
        new TokenResponseException(new TokenErrorResponse { Error = "internal_failure" }, HttpStatusCode.ServiceUnavailable),
        new RpcException(new Status(StatusCode.Unavailable, "Down.")),
        // As the credentials of the production client report a token service that is down.
        new RpcException(
            new Status(StatusCode.Unavailable, "No token.",
            new TokenResponseException(new TokenErrorResponse { Error = "internal_failure" }, HttpStatusCode.ServiceUnavailable))),
    ];

    public static TheoryData<Exception> FaultsThatDoNotPass { get; } =
    [
        new InvalidOperationException("No default credentials."),
        new InvalidOperationException("The credentials cannot be read.", new JsonException("No JSON.")),
        new ArgumentException("The endpoint is wrong."),
        new UriFormatException("The endpoint is wrong."),
        new FileNotFoundException("No key."),
        new HttpRequestException(HttpRequestError.Unknown, "Forbidden.", null, HttpStatusCode.Forbidden),
        new TokenResponseException(new TokenErrorResponse { Error = "invalid_grant" }, HttpStatusCode.BadRequest),
        new TokenResponseException(new TokenErrorResponse { Error = "invalid_grant" }),
        new RpcException(new Status(StatusCode.PermissionDenied, "No.")),
        new RpcException(
        new Status(StatusCode.Unavailable, "No token.",
        new TokenResponseException(new TokenErrorResponse { Error = "invalid_grant" }, HttpStatusCode.BadRequest))),
    ];

    [Theory]
    [MemberData(nameof(FaultsThatPass), DisableDiscoveryEnumeration = true)]
    public async Task AConnectionThatFailsInPassingIsTriedAgain(Exception fault)
    {
        _vertex.Enqueue(ModelTurn.Say("Hello."), ModelTurn.Say("Hello."));
        foreach (var call in (
            Func<IChatClient, Task<ChatResponse>>[])[client => client.GetResponseAsync("Hi"), client =>
            client.GetStreamingResponseAsync("Hi").ToChatResponseAsync()])
        {
            var tries = 0;
            using var client = Connecting(() => ++tries == 1 ? Task.FromException<PredictionServiceClient>(fault) : ConnectAsync());
            var answer = call(client);
            await PassAsync(TimeSpan.FromSeconds(0.5));

            Assert.Equal("Hello.", (await answer.WithinLimit("the answer")).Text);
            Assert.Equal(2, tries);
        }
    }

    [Theory]
    [MemberData(nameof(FaultsThatPass), DisableDiscoveryEnumeration = true)]
    public async Task AConnectionThatDoesNotComeBackSoonIsLeftToAnotherRun(Exception fault)
    {
        using var client = Connecting(() => Task.FromException<PredictionServiceClient>(fault), maxTries: 1);

        Assert.True((await Assert.ThrowsAsync<GeminiException>(() => client.GetResponseAsync("Hi"))).IsTransient);
    }

    [Theory]
    [MemberData(nameof(FaultsThatDoNotPass), DisableDiscoveryEnumeration = true)]
    public async Task AConnectionThatNeedsSomebodyToChangeSomethingIsNotTriedAgain(Exception fault)
    {
        var tries = 0;
        using var client = Connecting(() =>
        {
            tries++;
            throw fault;
        });

        Assert.False(
            (await Assert.ThrowsAsync<GeminiException>(() => client.GetResponseAsync("Hi").WithinLimit("the call fails"))).IsTransient);
        Assert.Equal(1, tries);
    }

    [Fact]
    public async Task AConnectionThatIsNotMadeInTimeIsTriedAgain()
    {
        var tries = 0;
        _vertex.Enqueue(ModelTurn.Say("Hello."));
        using var client = Connecting(() => ++tries == 1 ? new TaskCompletionSource<PredictionServiceClient>().Task : ConnectAsync());
        var answer = client.GetResponseAsync("Hi");

        await PassAsync(Settings().SilenceLimit);
        await PassAsync(TimeSpan.FromSeconds(0.5));

        Assert.Equal("Hello.", (await answer.WithinLimit("the answer")).Text);
    }

    [Fact]
    public async Task WhoeverCancelsWaitsForNoConnection()
    {
        using var client = Connecting(() => new TaskCompletionSource<PredictionServiceClient>().Task);
        using var stop = new CancellationTokenSource();
        var answer = client.GetResponseAsync("Hi", cancellationToken: stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer.WithinLimit("the call ends"));
    }

    [Fact]
    public void ItSaysWhatItIs()
    {
        using var client = NewClient();

        var metadata = client.GetService<ChatClientMetadata>()!;
        Assert.Equal(
            ("gcp.vertex_ai", "gemini-test", "https://europe-west4-aiplatform.googleapis.com/"),
            (metadata.ProviderName, metadata.DefaultModelId, $"{metadata.ProviderUri}"));
        Assert.Same(client, client.GetService<GeminiChatClient>());
        Assert.Null(client.GetService<string>());
        Assert.Null(client.GetService(typeof(GeminiChatClient), "key"));
    }

    [Theory]
    [InlineData("global", "aiplatform.googleapis.com")]
    [InlineData("us-central1", "us-central1-aiplatform.googleapis.com")]
    public void EachLocationHasItsAddress(string location, string address) =>
        Assert.Equal(address, (Settings() with { Location = location }).DefaultEndpoint);

    [Fact]
    public async Task ATunedModelIsCalledByItsResourceName()
    {
        _vertex.Enqueue(ModelTurn.Say("Hello."));
        const string Endpoint = "projects/1/locations/us-central1/endpoints/2";
        using var client = new GeminiChatClient(await ConnectAsync(), Settings() with { Model = Endpoint });

        await client.GetResponseAsync("Hi");

        Assert.Equal(Endpoint, _vertex.Calls[0].Request.Model);
        Assert.Contains(Uri.EscapeDataString(Endpoint), _vertex.Calls[0].Headers["x-goog-request-params"]);
    }

    private static GeminiSettings Settings() => new() { ProjectId = "p", Location = "europe-west4", Model = "gemini-test" };

    private GeminiChatClient NewClient(int maxTries = 6) => new(ConnectAsync, Settings() with { MaxTries = maxTries }, _time, () => 0);

    private GeminiChatClient Connecting(Func<Task<PredictionServiceClient>> connect, int maxTries = 6) =>
        new(connect, Settings() with { MaxTries = maxTries }, _time, () => 0);

    private Task<PredictionServiceClient> ConnectAsync() =>
        new PredictionServiceClientBuilder { Endpoint = _vertex.Endpoint, ChannelCredentials = ChannelCredentials.Insecure }.BuildAsync();

    private async Task PassAsync(TimeSpan time)
    {
        await _time.WaitForTimerAsync(time);
        _time.Advance(time);
    }
}
