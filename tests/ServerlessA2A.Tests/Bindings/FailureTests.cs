using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Bindings.Harness.Protocols;

namespace ServerlessA2A.Tests.Bindings;

/// <summary>What a client is told when something goes wrong, and what the log.</summary>
public sealed class FailureTests : IAsyncLifetime
{
    private readonly FailingStore _store = new();
    private AgentHost _host = null!;

    public static TheoryData<string> ErrorNames => [.. A2AError.All.Select(error => error.Name)];

    public async Task InitializeAsync()
    {
        _host = await AgentHost.StartAsync(services => services.AddSingleton<ITaskStore>(_store));
        _host.ErrorsAreExpected = true;
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [MemberData(nameof(ErrorNames))]
    public async Task EachErrorOfTheTableIsAnsweredOverBothBindingsInBothVersions(string name)
    {
        var error = A2AError.All.First(row => row.Name == name);
        _store.Failure = new A2AException(error, "It went wrong.") { Metadata = new Dictionary<string, string> { ["a"] = "b" } };
        var details = $$$"""[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"{{{error.Reason}}}","domain":"a2a-protocol.org","metadata":{"a":"b"}}]""";

        foreach (var wire in Wires())
        {
            var reply = await wire.AskAsync(wire.GetRequest("x"));

            // What is refused at the door has its own status, whatever the binding.
            var isAtTheDoor = error == A2AError.PayloadTooLarge || error.HttpStatus is 408 or 401 or 403 or 429;
            Assert.Equal(wire.IsJsonRpc && !isAtTheDoor ? 200 : error.HttpStatus, (int)reply.Status);
            Assert.Equal(wire is HttpJsonWire ? error.HttpStatus : error.JsonRpcCode, reply.ErrorCode);
            Assert.Equal("It went wrong.", reply.Message);
            Assert.Equal(details, reply.Details.GetRawText());
        }
    }

    [Fact]
    public async Task TheGoogleStatusIsNamedInHttpJson()
    {
        _store.Failure = A2AException.TaskNotCancelable("x", TaskState.Completed);

        var (_, body) = await _host.Client.ExchangeAsync("GET", "/tasks/x");

        Assert.StartsWith("""{"error":{"code":400,"status":"FAILED_PRECONDITION","message":""", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AStoreThatIsAwayForAMomentIsUnavailableAndWorthARetry()
    {
        _store.Failure = new TaskStoreException("secret address", isTransient: true);

        foreach (var wire in Wires())
        {
            var (response, body) = await _host.Client.ExchangeAsync(wire.GetRequest("x"));

            Assert.Equal(wire.IsJsonRpc ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.Equal("2", response.Headers.RetryAfter?.ToString());
            Assert.Equal("UNAVAILABLE", wire.Read(response, body).Reason);
            Assert.DoesNotContain("secret", body, StringComparison.Ordinal);
        }

        Assert.Equal(LogLevel.Warning, _host.Log.LevelOf("ServiceUnavailable"));
        Assert.Empty(_host.Log.Errors);
    }

    [Fact]
    public async Task AnythingUnexpectedIsAnInternalErrorWithoutDetailsAndLoggedOnce()
    {
        _store.Failure = new InvalidOperationException("secret");

        var (response, body) = await _host.Client.ExchangeAsync("GET", "/tasks/x");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal(
            """{"error":{"code":500,"status":"INTERNAL","message":"The server failed to process the request.","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"INTERNAL_ERROR","domain":"a2a-protocol.org"}]}}""",
            body);
        Assert.Contains("secret", Assert.Single(_host.Log.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AStoreThatIsBrokenForGoodIsAnInternalError()
    {
        _store.Failure = new TaskStoreException("secret", isTransient: false);

        var reply = await Wires()[0].AskAsync(Wires()[0].GetRequest("x"));

        Assert.Equal("INTERNAL_ERROR", reply.Reason);
        Assert.Single(_host.Log.Errors);
    }

    [Fact]
    public async Task AMistakeOfTheClientIsNoErrorOfTheLog()
    {
        _store.Failure = A2AException.TaskNotFound("x");

        await _host.Client.ExchangeAsync("GET", "/tasks/x");

        Assert.Equal(LogLevel.Debug, _host.Log.LevelOf("RequestRefused"));
        Assert.Empty(_host.Log.Errors);
    }

    [Fact]
    public async Task AnErrorBeforeAStreamBeginsIsAnOrdinaryAnswerExceptForTheOlderResubscribe()
    {
        _store.Failure = A2AException.TaskNotFound("x");

        foreach (var wire in Wires())
        {
            var (response, body) = await _host.Client.ExchangeAsync(wire.SubscribeRequest("x"));

            if (wire is JsonRpcV03Wire)
            {
                Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.ToString());
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                Assert.StartsWith("""data: {"jsonrpc":"2.0","id":7,"error":{"code":-32001,""", body, StringComparison.Ordinal);
                Assert.EndsWith("}\n\n", body, StringComparison.Ordinal);
            }
            else
            {
                Assert.Equal("TASK_NOT_FOUND", wire.Read(response, body).Reason);
            }
        }
    }

    private Wire[] Wires() =>
        [new JsonRpcWire(_host.Client), new HttpJsonWire(_host.Client), new JsonRpcV03Wire(_host.Client),
            new HttpJsonV03Wire(_host.Client)];

    private sealed class FailingStore : ITaskStore
    {
        public Exception Failure { get; set; } = new InvalidOperationException();

        public ValueTask<Claim?> CreateAsync(NewTask task, CancellationToken cancellationToken) => throw Failure;

        public ValueTask<TaskSnapshot?> ReadAsync(string? owner, string taskId, CancellationToken cancellationToken) => throw Failure;

        public ValueTask<AppendOutcome> AppendAsync(NewEntry entry, CancellationToken cancellationToken) => throw Failure;

        public ValueTask<bool> RenewLeaseAsync(string taskId, string runId, DateTimeOffset until, CancellationToken cancellationToken) =>
            throw Failure;

        public Task<TaskSnapshot?> WaitForRunChangeAsync(
            string taskId, string runId, int knownMessages, CancellationToken cancellationToken) => throw Failure;

        public Task<TaskSnapshot?> WaitUntilTerminalOrInterruptedAsync(string taskId, CancellationToken cancellationToken) => throw Failure;

        public ValueTask<IReadOnlyList<UnattendedTask>> ListUnattendedAsync(
            DateTimeOffset before, int count, CancellationToken cancellationToken) => throw Failure;

        public ValueTask<bool> PostponeAsync(UnattendedTask task, DateTimeOffset until, CancellationToken cancellationToken) =>
            throw Failure;

        public IAsyncEnumerable<LogEntry> WatchAsync(string taskId, long after, CancellationToken cancellationToken) => throw Failure;

        public ValueTask<TaskPage> ListAsync(TaskQuery query, CancellationToken cancellationToken) => throw Failure;

        public ValueTask<Claim?> FindClaimAsync(string owner, string messageId, CancellationToken cancellationToken) => throw Failure;

        public ValueTask<int> CountUnfinishedAsync(string? owner, int limit, CancellationToken cancellationToken) => throw Failure;
    }
}
