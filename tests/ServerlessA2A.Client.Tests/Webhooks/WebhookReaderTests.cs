using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using ServerlessA2A.Client.Tests.Support;
using ServerlessA2A.Client.Webhooks;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Client.Tests.Webhooks;

/// <summary>Which deliveries are accepted, and how they are read.</summary>
public sealed class WebhookReaderTests : IDisposable
{
    private const string Audience = "https://me.example.com/hook";
    private const string Event =
        """{"statusUpdate":{"taskId":"t","contextId":"c","status":{"state":"TASK_STATE_COMPLETED"}}}""";

    private readonly ManualTimeProvider _time = new();
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa _newKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly StubHandler _agent;
    private readonly HeldHandler _network;
    private bool _isRotated;
    private string? _fault;

    public WebhookReaderTests()
    {
        _agent = new StubHandler((_, _) => _fault switch
        {
            "down" => new(HttpStatusCode.ServiceUnavailable),
            // What HttpClient.Timeout throws.
            "slow" => throw new TaskCanceledException("The request timed out.", new TimeoutException()),
            "no JSON" => StubHandler.Json("<html>"),
            "no key set" => StubHandler.Json("[]"),
            "no Unicode" => StubHandler.Json("""{"\ud800":1}"""),
            // What an HttpClient throws that decompresses.
            "damaged" => throw new InvalidDataException("The archive entry was compressed using an unsupported compression method."),
            _ => StubHandler.Json($$"""{"keys":[{{Jwk(_key, "old")}}{{(_isRotated ? "," + Jwk(_newKey, "new") : "")}}]}"""),
        });
        _network = new HeldHandler(_agent);
    }

    public void Dispose()
    {
        _network.Dispose();
        _key.Dispose();
        _newKey.Dispose();
    }

    [Fact]
    public async Task ASignedDeliveryIsRead()
    {
        using var reader = Signed();

        var read = await reader.ReadAsync(Headers(Token()), Bytes(Event));

        Assert.Equal("t", read.TaskId);
        Assert.Equal(TaskState.Completed, read.Item.StatusUpdate!.Status.State);
        Assert.Equal(7, read.Number);
        Assert.Equal(ProtocolVersion.V1_0, read.Version);
    }

    [Fact]
    public async Task TheSignatureMayBeTheBearerToken()
    {
        using var reader = Signed();

        await reader.ReadAsync(name => name == "Authorization" ? $"Bearer {Token()}" : null, Bytes(Event));
    }

    [Theory]
    [InlineData("other audience")]
    [InlineData("other body")]
    [InlineData("other task")]
    [InlineData("other event")]
    [InlineData("expired")]
    [InlineData("of the future")]
    [InlineData("without exp")]
    [InlineData("without bodyHash")]
    [InlineData("other key")]
    [InlineData("unknown key")]
    [InlineData("alg none")]
    [InlineData("alg RS256")]
    [InlineData("crit")]
    [InlineData("no token")]
    [InlineData("two parts")]
    [InlineData("not base64")]
    [InlineData("kid of no Unicode")]
    [InlineData("header's name of no Unicode")]
    [InlineData("audience of no Unicode")]
    [InlineData("task of no Unicode")]
    [InlineData("claim's name of no Unicode")]
    public async Task AnyOtherSignatureIsRejected(string fault)
    {
        using var reader = Signed();
        var now = _time.GetUtcNow().ToUnixTimeSeconds();
        var token = fault switch
        {
            "other audience" => Token(audience: "https://me.example.com/hook/"),
            "other task" => Token(taskId: "u"),
            "other event" => Token(number: "8"),
            "expired" => Token(expiry: now - 61),
            "of the future" => Token(issued: now + 120),
            "without bodyHash" => Token(claimsHash: false),
            "without exp" => Token(expiry: null),
            "other key" => Token(signer: _newKey),
            "unknown key" => Token(header: """{"alg":"ES256","kid":"none"}"""),
            "alg none" => Token(header: """{"alg":"none","kid":"old"}"""),
            "alg RS256" => Token(header: """{"alg":"RS256","kid":"old"}"""),
            "crit" => Token(header: """{"alg":"ES256","kid":"old","crit":["x"]}"""),
            "two parts" => "a.b",
            "not base64" => Token() + "*",
            "kid of no Unicode" => Token(header: """{"alg":"ES256","kid":"\ud800"}"""),
            "header's name of no Unicode" => Token(header: """{"\ud800":1,"alg":"ES256","kid":"old"}"""),
            "audience of no Unicode" => Token(audience: """\ud800"""),
            "task of no Unicode" => Token(taskId: """\ud800"""),
            "claim's name of no Unicode" => Token(number: """7,"\ud800":1"""),
            _ => Token(),
        };

        var body = fault == "other body" ? Event + " " : Event;
        var thrown = await Assert.ThrowsAsync<WebhookRejectedException>(() =>
            reader.ReadAsync(fault == "no token" ? _ => null : Headers(token), Bytes(body)));

        // An unknown key may be a new one that is not published yet: the agent is to send the event again.
        Assert.Equal(fault == "unknown key" ? 503 : 401, thrown.Status);
    }

    [Theory]
    [InlineData("x:7")]
    [InlineData("t:9223372036854775807")]
    [InlineData("t:07")]
    [InlineData("7")]
    [InlineData("")]
    public async Task AnIdempotencyKeyThatIsNotTheSignedOneIsRejected(string key)
    {
        using var reader = Signed();

        var thrown = await Assert.ThrowsAsync<WebhookRejectedException>(() =>
            reader.ReadAsync(Headers(Token(number: "7"), key), Bytes(Event)));

        Assert.Equal(401, thrown.Status);
    }

    [Theory]
    [InlineData("t:7")]
    [InlineData(null)]
    public async Task TheNumberIsTheSignedOne(string? key)
    {
        using var reader = Signed();

        var read = await reader.ReadAsync(Headers(Token(number: "7"), key), Bytes(Event));

        Assert.Equal(("t:7", 7), (read.Key, read.Number));
    }

    /// <summary>Agents that sign no number: agents of other makes, and older ones of this library.</summary>
    [Theory]
    [InlineData("t:7", 7L)]
    [InlineData("x:7", null)]
    [InlineData("t:u:7", null)]
    [InlineData("t:-7", null)]
    [InlineData("7", null)]
    [InlineData("delivery", null)]
    [InlineData(null, null)]
    public async Task AKeyIsANumberOfTheTaskOnly(string? key, long? number)
    {
        using var reader = Signed();

        foreach (var signed in (string?[])[null, "\"7\"", "-7", "7.5"])
        {
            var read = await reader.ReadAsync(Headers(Token(number: signed), key), Bytes(Event));

            Assert.Equal((key, number), (read.Key, read.Number));
        }
    }

    [Fact]
    public async Task ANewKeyIsReadAndTheKeysAreRemembered()
    {
        using var reader = Signed();
        await reader.ReadAsync(Headers(Token()), Bytes(Event));
        await reader.ReadAsync(Headers(Token()), Bytes(Event));
        Assert.Single(_agent.Requests);

        _isRotated = true;
        var rotated = Token(header: """{"alg":"ES256","kid":"new"}""", signer: _newKey);
        var tooSoon = await Assert.ThrowsAsync<WebhookRejectedException>(() => reader.ReadAsync(Headers(rotated), Bytes(Event)));
        Assert.Equal(503, tooSoon.Status);
        Assert.Single(_agent.Requests);
        _time.Advance(TimeSpan.FromMinutes(1));
        await reader.ReadAsync(Headers(rotated), Bytes(Event));

        Assert.Equal(2, _agent.Requests.Count);
    }

    [Theory]
    [InlineData("down")]
    [InlineData("slow")]
    [InlineData("no JSON")]
    [InlineData("no key set")]
    [InlineData("no Unicode")]
    [InlineData("damaged")]
    public async Task KnownKeysAreUsedWhileTheKeySetCannotBeRead(string fault)
    {
        using var reader = Signed();
        await reader.ReadAsync(Headers(Token()), Bytes(Event));
        _fault = fault;
        _time.Advance(TimeSpan.FromHours(2));
        var unknown = Token(header: """{"alg":"ES256","kid":"new"}""", signer: _newKey);

        for (var i = 0; i < 3; i++)
        {
            await reader.ReadAsync(Headers(Token()), Bytes(Event));
            await Assert.ThrowsAsync<HttpRequestException>(() => reader.ReadAsync(Headers(unknown), Bytes(Event)));
        }

        // The second request is the failed one: it is repeated after a minute.
        Assert.Equal(2, _agent.Requests.Count);
        (_fault, _isRotated) = (null, true);
        _time.Advance(TimeSpan.FromMinutes(1));
        await reader.ReadAsync(Headers(unknown), Bytes(Event));
        Assert.Equal(3, _agent.Requests.Count);
    }

    [Theory]
    [InlineData("down")]
    [InlineData("slow")]
    [InlineData("no JSON")]
    [InlineData("no key set")]
    [InlineData("no Unicode")]
    [InlineData("damaged")]
    public async Task AFirstReadThatFailsIsRepeatedSoonButNotByEveryDelivery(string fault)
    {
        using var reader = Signed();
        _fault = fault;

        for (var i = 0; i < 3; i++)
            await Assert.ThrowsAsync<HttpRequestException>(() => reader.ReadAsync(Headers(Token()), Bytes(Event)));

        Assert.Single(_agent.Requests);
        _fault = null;
        _time.Advance(TimeSpan.FromSeconds(1));
        await reader.ReadAsync(Headers(Token()), Bytes(Event));
        Assert.Equal(2, _agent.Requests.Count);
    }

    [Fact]
    public async Task ASlowKeySetHoldsUpNoKnownKeyTwice()
    {
        using var reader = Signed();
        await reader.ReadAsync(Headers(Token()), Bytes(Event));
        (_isRotated, _network.Open) = (true, new());
        _time.Advance(TimeSpan.FromHours(2));
        var unknown = Token(header: """{"alg":"ES256","kid":"new"}""", signer: _newKey);

        var first = reader.ReadAsync(Headers(Token()), Bytes(Event));
        var waiting = Enumerable.Range(0, 3).Select(_ => reader.ReadAsync(Headers(unknown), Bytes(Event))).ToList();
        await reader.ReadAsync(Headers(Token()), Bytes(Event)).WaitAsync(TimeSpan.FromMinutes(1));
        Assert.False(first.IsCompleted);
        _network.Open.SetResult();

        await Task.WhenAll([first, .. waiting]).WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(2, _agent.Requests.Count);
    }

    [Fact]
    public async Task ASenderThatBreaksOffDoesNotEndTheReadOfTheKeys()
    {
        using var reader = Signed();
        _network.Open = new();
        using var broken = new CancellationTokenSource();

        var first = reader.ReadAsync(Headers(Token()), Bytes(Event), broken.Token);
        await broken.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        var second = reader.ReadAsync(Headers(Token()), Bytes(Event));
        _network.Open.SetResult();

        await second;
        Assert.Equal(1, _network.Requests);
    }

    [Theory]
    [InlineData("secret", true)]
    [InlineData("Secret", false)]
    [InlineData(null, false)]
    public async Task ATokenIsCompared(string? sent, bool accepted)
    {
        using var reader = new WebhookReader(new() { Token = "secret" });
        var read = reader.ReadAsync(name => name == "X-A2A-Notification-Token" ? sent : null, Bytes(Event));

        if (accepted) await read;
        else Assert.Equal(401, (await Assert.ThrowsAsync<WebhookRejectedException>(() => read)).Status);
    }

    [Theory]
    [InlineData("""{"kind":"task","id":"t","contextId":"c","status":{"state":"completed"}}""", null)]
    [InlineData("""{"id":"t","status":{"state":"completed"}}""", "0.3")]
    [InlineData("""{"task":{"id":"t","status":{"state":"TASK_STATE_COMPLETED"}}}""", null)]
    public async Task BothVersionsAreRead(string body, string? version)
    {
        using var reader = new WebhookReader(new() { AllowUnauthenticated = true });

        var read = await reader.ReadAsync(name => name == "A2A-Version" ? version : null, Bytes(body));

        Assert.Equal(TaskState.Completed, read.Item.Task!.Status.State);
        Assert.Null(read.Number);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"task":{}}""")]
    [InlineData("""{"statusUpdate":{"taskId":5}}""")]
    [InlineData("""{"statusUpdate":{"taskId":"t"}}""")]
    [InlineData("""{"task":{"id":"t"}}""")]
    [InlineData("""{"artifactUpdate":{"taskId":"t"}}""")]
    public async Task AnythingElseIsRejected(string body)
    {
        using var reader = new WebhookReader(new() { AllowUnauthenticated = true });

        var thrown = await Assert.ThrowsAsync<WebhookRejectedException>(() => reader.ReadAsync(_ => null, Bytes(body)));

        Assert.Equal(400, thrown.Status);
    }

    [Fact]
    public void AReaderMustNotAcceptAnyone()
    {
        Assert.Throws<ArgumentException>(() => new WebhookReader(new()));
        Assert.Throws<ArgumentException>(() => new WebhookReader(new() { KeySet = new Uri("https://a.example.com/jwks.json") }));
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static Func<string, string?> Headers(string token, string? key = "t:7") => name => name switch
    {
        "X-A2A-Notification-Signature" => token,
        "Idempotency-Key" => key,
        "A2A-Version" => "1.0",
        _ => null,
    };

    private static string Jwk(ECDsa key, string id)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return $$"""{"kty":"EC","crv":"P-256","kid":"{{id}}","x":"{{Base64Url.EncodeToString(point.X)}}","y":"{{Base64Url.EncodeToString(point.Y)}}"}""";
    }

    private WebhookReader Signed() => new(
        new() { KeySet = new Uri("https://agent.example.com/jwks.json"), Audience = Audience, TimeProvider = _time },
        new HttpClient(_network));

    private string Token(
        string header = """{"alg":"ES256","kid":"old"}""", string audience = Audience, string taskId = "t", long? expiry = -1,
        long? issued = null, ECDsa? signer = null, string? number = null, bool claimsHash = true)
    {
        var now = _time.GetUtcNow().ToUnixTimeSeconds();
        var exp = expiry is null ? "" : $"\"exp\":{(expiry == -1 ? now + 300 : expiry)},";
        var claim = number is null ? "" : $",\"eventNumber\":{number}";
        var hash = claimsHash ? $",\"bodyHash\":\"{Base64Url.EncodeToString(SHA256.HashData(Bytes(Event)))}\"" : "";
        var claims = $$"""{{{exp}}"aud":"{{audience}}","iat":{{issued ?? now}},"taskId":"{{taskId}}"{{claim}}{{hash}}}""";
        var signed = $"{Base64Url.EncodeToString(Bytes(header))}.{Base64Url.EncodeToString(Bytes(claims))}";
        var signature = (signer ?? _key).SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256);
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    /// <summary>Holds requests back until it is opened.</summary>
    private sealed class HeldHandler(HttpMessageHandler agent) : DelegatingHandler(agent)
    {
        public TaskCompletionSource? Open { get; set; }

        public int Requests { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests++;
            if (Open is { } open) await open.Task.WaitAsync(cancellationToken);
            return await base.SendAsync(request, cancellationToken);
        }
    }
}
