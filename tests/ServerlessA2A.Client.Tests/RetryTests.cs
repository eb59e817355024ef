using System.Net;
using System.Text.Json;
using ServerlessA2A.Client.Tests.Support;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.Client.Tests;

/// <summary>What is repeated, and how.</summary>
public class RetryTests
{
    private const string Done = """{"task":{"id":"t","contextId":"c","status":{"state":"TASK_STATE_COMPLETED"}}}""";

    [Fact]
    public async Task AMessageIsSentAgainWithTheSameId()
    {
        using var agent = new StubHandler((_, count) => count switch
        {
            1 => throw new HttpRequestException(HttpRequestError.ConnectionError, "refused"),
            2 => new(HttpStatusCode.BadGateway),
            3 => throw new HttpRequestException(HttpRequestError.ResponseEnded, "reset"),
            _ => StubHandler.Result(Done),
        });
        using var client = agent.Client();

        await client.SendAsync("hello");

        Assert.Equal(4, agent.Requests.Count);
        var ids = agent.Requests.Select(each =>
            JsonElement.Parse(each.Body).GetProperty("params").GetProperty("message").GetProperty("messageId").GetString());
        Assert.Single(ids.Distinct());
    }

    [Fact]
    public async Task AMessageThatMayHaveArrivedIsNotSentAgainWhereThatIsNotWanted()
    {
        using var agent = new StubHandler((_, count) => count switch
        {
            1 => throw new HttpRequestException(HttpRequestError.ConnectionError, "refused"),
            2 => new(HttpStatusCode.TooManyRequests),
            3 => throw new HttpRequestException(HttpRequestError.ResponseEnded, "reset"),
            _ => StubHandler.Result(Done),
        });
        using var client = agent.Client(new() { ResendMessages = false, TimeProvider = new ImpatientTime() });

        var thrown = await Assert.ThrowsAsync<A2AClientException>(() => client.SendAsync("hello"));

        Assert.Equal(A2AError.Unavailable, thrown.Error);
        Assert.Equal(3, agent.Requests.Count);
    }

    [Fact]
    public async Task AMessageIsNotSentAgainAfterAnOverloadWhereThatIsNotWanted()
    {
        // A proxy answers so also where the agent took the message and died.
        using var agent = new StubHandler((_, _) => new(HttpStatusCode.ServiceUnavailable));
        using var client = agent.Client(new() { ResendMessages = false, TimeProvider = new ImpatientTime() });

        await Assert.ThrowsAsync<A2AClientException>(() => client.SendAsync("hello"));

        Assert.Single(agent.Requests);
    }

    [Fact]
    public async Task AMessageIsNotSentAgainToAnAgentThatIsSlow()
    {
        using var agent = new SilentHandler();
        using var client = new A2AClient(
            Wire.Card("https://agent.example.com"), new() { SendTimeout = TimeSpan.FromMilliseconds(1) }, new HttpClient(agent));

        var thrown = await Assert.ThrowsAsync<A2AClientException>(() => client.SendAsync("hello"));

        Assert.Equal(A2AError.Unavailable, thrown.Error);
        Assert.Equal(1, agent.Calls);
    }

    [Fact]
    public async Task TheLimitOfTheHttpClientIsTheClientsOwn()
    {
        using var agent = new SilentHandler();
        using var http = new HttpClient(agent) { Timeout = TimeSpan.FromMilliseconds(1) };
        using var client = new A2AClient(Wire.Card("https://agent.example.com"), null, http);

        await Assert.ThrowsAsync<A2AClientException>(() => client.SendAsync("hello"));

        Assert.Equal(1, agent.Calls);
    }

    [Fact]
    public async Task AnAgentThatAsksForAnHourIsNotWaitedFor()
    {
        using var agent = new StubHandler((_, _) => new(HttpStatusCode.TooManyRequests) { Headers = { { "Retry-After", "3600" } } });
        using var client = agent.Client();

        var thrown = await Assert.ThrowsAsync<A2AClientException>(() => client.GetTaskAsync("t"));

        Assert.Equal(TimeSpan.FromHours(1), thrown.RetryAfter);
        Assert.Single(agent.Requests);
    }

    [Fact]
    public async Task RetryAfterIsWaitedFor()
    {
        var time = new ImpatientTime();
        using var agent = new StubHandler((_, count) => count == 1
            ? new(HttpStatusCode.TooManyRequests) { Headers = { { "Retry-After", "17" } } } : StubHandler.Result(Done));
        using var client = agent.Client(new() { TimeProvider = time });

        await client.SendAsync("hello");

        Assert.Equal(TimeSpan.FromSeconds(17), Assert.Single(time.Delays));
    }

    [Fact]
    public async Task DelaysGrow()
    {
        var time = new ImpatientTime();
        using var agent = new StubHandler((_, _) => new(HttpStatusCode.ServiceUnavailable));
        using var client = agent.Client(new() { TimeProvider = time, Chance = () => 1, MaxAttempts = 9 });

        var thrown = await Assert.ThrowsAsync<A2AClientException>(() => client.GetTaskAsync("t"));

        Assert.Equal(503, thrown.HttpStatus);
        Assert.Equal([0.5, 1, 2, 4, 8, 16, 30, 30], time.Delays.Select(each => each.TotalSeconds));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(500)]
    public async Task OtherErrorsAreNotRepeated(int status)
    {
        using var agent = new StubHandler((_, _) => new((HttpStatusCode)status));
        using var client = agent.Client();

        var thrown = await Assert.ThrowsAsync<A2AClientException>(() => client.GetTaskAsync("t"));

        Assert.Equal(status, thrown.HttpStatus);
        Assert.Single(agent.Requests);
    }

    [Fact]
    public async Task ACallThatTakesTooLongFails()
    {
        using var agent = new SilentHandler();
        using var client = new A2AClient(
            Wire.Card("https://agent.example.com"), new() { Timeout = TimeSpan.FromMilliseconds(1), MaxAttempts = 2 },
            new HttpClient(agent));

        var thrown = await Assert.ThrowsAsync<A2AClientException>(() => client.GetTaskAsync("t"));

        Assert.Equal(A2AError.Unavailable, thrown.Error);
        Assert.Equal(2, agent.Calls);
    }

    [Fact]
    public async Task ACallerCanCancel()
    {
        using var agent = new SilentHandler();
        using var client = new A2AClient(Wire.Card("https://agent.example.com"), null, new HttpClient(agent));
        using var cancellation = new CancellationTokenSource();

        var call = client.GetTaskAsync("t", cancellationToken: cancellation.Token);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":"1","result":{"status":{"state":"TASK_STATE_WORKING"}}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":"1","result":[]}""")]
    [InlineData("""{"jsonrpc":"2.0","id":"1"}""")]
    [InlineData("<html>")]
    [InlineData("[]")]
    public async Task AnAnswerThatIsNotOfTheProtocolIsAnError(string body)
    {
        using var agent = new StubHandler((_, _) => StubHandler.Json(body));
        using var client = agent.Client();

        var thrown = await Assert.ThrowsAsync<A2AClientException>(() => client.GetTaskAsync("t"));

        Assert.Equal(A2AError.InvalidAgentResponse, thrown.Error);
    }

    [Fact]
    public async Task AnAnswerThatIsTooLargeIsAnError()
    {
        using var agent = new StubHandler((_, _) => StubHandler.Result(Done));
        using var client = agent.Client(new() { MaxResponseSize = 20 });

        var thrown = await Assert.ThrowsAsync<A2AClientException>(() => client.SendAsync("hello"));

        Assert.Equal(A2AError.InvalidAgentResponse, thrown.Error);
        Assert.Contains("MaxResponseSize", thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TASK_STATE_CANCELED", true)]
    [InlineData("TASK_STATE_COMPLETED", false)]
    public async Task ACancelWhoseAnswerWasLostHasWorkedIfTheTaskIsCanceled(string state, bool hasWorked)
    {
        using var agent = new StubHandler((_, count) => count switch
        {
            1 => throw new HttpRequestException(HttpRequestError.ResponseEnded, "reset"),
            2 => StubHandler.Error(-32002, "The task is over."),
            _ => StubHandler.Result($$$"""{"id":"t","contextId":"c","status":{"state":"{{{state}}}"}}"""),
        });
        using var client = agent.Client();

        if (hasWorked)
        {
            Assert.Equal(TaskState.Canceled, (await client.CancelTaskAsync("t")).Status.State);
            return;
        }

        var thrown = await Assert.ThrowsAsync<A2AClientException>(() => client.CancelTaskAsync("t"));
        Assert.Equal(A2AError.TaskNotCancelable, thrown.Error);
    }

    [Fact]
    public async Task AFirstCancelThatIsRejectedFails()
    {
        using var agent = new StubHandler((_, _) => StubHandler.Error(-32002, "The task is over."));
        using var client = agent.Client();

        await Assert.ThrowsAsync<A2AClientException>(() => client.CancelTaskAsync("t"));

        Assert.Single(agent.Requests);
    }

    private sealed class SilentHandler : HttpMessageHandler
    {
        public int Calls { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Calls++;
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return new();
        }
    }
}
