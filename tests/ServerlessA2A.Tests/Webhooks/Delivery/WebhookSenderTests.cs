using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Tests.Support;
using ServerlessA2A.Webhooks.Delivery;

namespace ServerlessA2A.Tests.Webhooks.Delivery;

/// <summary>What is sent, and what becomes of what comes back.</summary>
public sealed class WebhookSenderTests : IDisposable
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    private readonly WebhookCalls _calls = new();

    public void Dispose() => _calls.Dispose();

    [Fact]
    public async Task ThePostHoldsWhatIsGivenAndNothingElse()
    {
        using var activity = new Activity("a caller's").Start();
        var requests = new List<string?>();
        await using var receiver = SocketReceiver.Start(async connection =>
        {
            for (var i = 0; i < 2; i++)
            {
                requests.Add(await connection.ReadRequestAsync());
                await connection.WriteAsync("HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 2\r\n\r\nok");
            }
        });

        await _calls.SendAsync(
            receiver.Url(path: "/in?x=1#part"), ("Authorization", "Bearer s3cret"), ("X-A2A-Notification-Token", "t ok"),
            ("Content-Language", "en"));
        var answer = await _calls.SendAsync(receiver.Url(path: "/in"));

        Assert.Equal(new WebhookAnswer { Status = 200 }, answer);
        Assert.Equal(
            [
                "POST /in?x=1 HTTP/1.1\r\n" +
                $"Host: hooks.example.com:{receiver.Port}\r\n" +
                "Authorization: Bearer s3cret\r\nX-A2A-Notification-Token: t ok\r\n" +
                "Content-Type: application/a2a+json\r\nContent-Language: en\r\nContent-Length: 7\r\n\r\n{\"a\":1}",
                $"POST /in HTTP/1.1\r\nHost: hooks.example.com:{receiver.Port}\r\nContent-Type: application/a2a+json\r\nContent-Length: " +
                $"7\r\n\r\n{{\"a\":1}}",
            ],
            requests);
        Assert.Equal(1, receiver.Connections);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(202)]
    [InlineData(204)]
    [InlineData(304)]
    [InlineData(404)]
    [InlineData(410)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(599)]
    public async Task AStatusIsAnAnswerWhateverItSays(int status)
    {
        await using var receiver = SocketReceiver.Answering($"HTTP/1.1 {status} So\r\nContent-Length: 0\r\n\r\n");

        Assert.Equal(new WebhookAnswer { Status = status }, await _calls.SendAsync(receiver.Url()));
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task ARedirectIsNotFollowed(int status)
    {
        await using var target = SocketReceiver.Answering(Ok);
        await using var receiver = SocketReceiver.Answering(
            $"HTTP/1.1 {status} There\r\nLocation: {target.Url("127.0.0.1")}\r\nContent-Length: 0\r\n\r\n");

        Assert.Equal(new WebhookAnswer { Status = status }, await _calls.SendAsync(receiver.Url()));
        Assert.Equal(0, target.Connections);
    }

    [Fact]
    public async Task EarlyHintsAreNoAnswer()
    {
        await using var receiver = SocketReceiver.Answering($"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n{Ok}");

        Assert.Equal(new WebhookAnswer { Status = 200 }, await _calls.SendAsync(receiver.Url()));
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("120", 120)]
    [InlineData(" 7 ", 7)]
    [InlineData("86401", 86_400)]
    [InlineData("99999999999999999999", 86_400)]
    [InlineData("Sat, 31 Jan 2026 12:01:30 GMT", 90)]
    [InlineData("Saturday, 31-Jan-26 12:01:30 GMT", 90)]
    [InlineData("Sat Jan 31 12:01:30 2026", 90)]
    [InlineData("Sat, 31 Jan 2026 11:59:00 GMT", 0)]
    [InlineData("Sun, 31 Jan 2027 12:00:00 GMT", 86_400)]
    [InlineData("-5", null)]
    [InlineData("1.5", null)]
    [InlineData("soon", null)]
    [InlineData("", null)]
    public async Task RetryAfterIsReadAsSecondsAndAsADateUpToADay(string value, int? seconds)
    {
        await using var receiver = SocketReceiver.Answering($"HTTP/1.1 429 Later\r\nRetry-After: {value}\r\nContent-Length: 0\r\n\r\n");

        var answer = await _calls.SendAsync(receiver.Url());

        Assert.Equal(new WebhookAnswer { Status = 429, RetryAfter = seconds is { } known ? TimeSpan.FromSeconds(known) : null }, answer);
    }

    [Theory]
    [InlineData("X-Token", "a\r\nX-Other: b")]
    [InlineData("X-Token", "a\nb")]
    [InlineData("X-Token", "a\rb")]
    [InlineData("X-Token", "a\0b")]
    [InlineData("X-Token", "a\u007fb")]
    [InlineData("X-Token", "ключ")]
    [InlineData("X-Token", "a\u2028b")]
    [InlineData("Authorization", "Bearer x\r\n\r\nPOST / HTTP/1.1")]
    [InlineData("X-Token\r\nX", "a")]
    [InlineData("X Token", "a")]
    [InlineData("X-Token:", "a")]
    [InlineData("", "a")]
    [InlineData("Host", "169.254.169.254")]
    [InlineData("transfer-encoding", "chunked")]
    [InlineData("Content-Length", "0")]
    [InlineData("Connection", "Upgrade")]
    public async Task AHeaderThatCannotBeSentIsRefusedBeforeAnythingIs(string name, string value)
    {
        await using var receiver = SocketReceiver.Answering(Ok);

        var answer = await _calls.SendAsync(receiver.Url(), (name, value));

        Assert.True(answer.IsRefused);
        Assert.Null(answer.Status);
        Assert.StartsWith(
            name is "X-Token" or "Authorization" ? $"The header {name} has" : "A header has a name", answer.Fault,
            StringComparison.Ordinal);
        Assert.Equal(0, receiver.Connections);
    }

    [Fact]
    public async Task AContentTypeWithALineBreakIsRefused()
    {
        var answer = await _calls.SendAsync(
            new WebhookCall { Url = new Uri("http://hooks.example.com/"), Body = default, ContentType = "text/plain\r\nX: y" },
            CancellationToken.None);

        Assert.True(answer.IsRefused);
        Assert.Equal("The content type has characters that HTTP does not allow.", answer.Fault);
    }

    [Fact]
    public async Task AReceiverThatSaysNothingIsGivenUpInTime()
    {
        var (received, closed) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var receiver = SocketReceiver.Start(async connection =>
        {
            await connection.ReadRequestAsync();
            received.SetResult();
            await connection.WaitUntilClosedAsync(closed);
        });

        var call = _calls.SendAsync(receiver.Url());
        await received.Task.WithinLimit("the request arrives");
        _calls.Clock.Advance(TimeSpan.FromSeconds(19));
        Assert.False(call.IsCompleted);
        _calls.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(new WebhookAnswer { Fault = "There was no answer within 00:00:20." }, await call);
        await closed.Task.WithinLimit("the connection is dropped");
        Assert.Equal(0, _calls.Clock.RunningTimers);
    }

    [Fact]
    public async Task HeadersThatDripAreGivenUpInTime()
    {
        var (dripped, closed) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var receiver = SocketReceiver.Start(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nX-Slow: ");
            dripped.SetResult();
            await connection.WaitUntilClosedAsync(closed);
        });

        var call = _calls.SendAsync(receiver.Url());
        await dripped.Task.WithinLimit("the answer begins");
        _calls.Clock.Advance(TimeSpan.FromSeconds(20));

        Assert.Equal(new WebhookAnswer { Fault = "There was no answer within 00:00:20." }, await call);
        await closed.Task.WithinLimit("the connection is dropped");
    }

    [Fact]
    public async Task ABodyThatDripsHoldsTheStatusUpForASecond()
    {
        var closed = new TaskCompletionSource();
        await using var receiver = SocketReceiver.Start(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync("HTTP/1.1 503 Later\r\nRetry-After: 3\r\nContent-Length: 100\r\n\r\na");
            await connection.WaitUntilClosedAsync(closed);
        });

        var call = _calls.SendAsync(receiver.Url());
        await _calls.Clock.WaitForTimerAsync(WebhookSender.BodyLimit);
        _calls.Clock.Advance(WebhookSender.BodyLimit);

        Assert.Equal(new WebhookAnswer { Status = 503, RetryAfter = TimeSpan.FromSeconds(3) }, await call);
        await closed.Task.WithinLimit("the connection is dropped");
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(WebhookSender.MaxBody, 1)]
    [InlineData(WebhookSender.MaxBody + 1, 2)]
    [InlineData(100_000, 2)]
    public async Task AConnectionIsUsedAgainAfterAShortBodyAndDroppedAfterALongOne(int length, int connections)
    {
        await using var receiver = SocketReceiver.Answering(
            $"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{new string('a', length)}");

        Assert.Equal(200, (await _calls.SendAsync(receiver.Url())).Status);
        Assert.Equal(200, (await _calls.SendAsync(receiver.Url())).Status);

        Assert.Equal(connections, receiver.Connections);
    }

    [Theory]
    [InlineData("Transfer-Encoding: chunked", "400\r\n", "\r\n")]
    [InlineData("Content-Length: 9000000000", "", "")]
    [InlineData("Connection: close", "", "")]
    public async Task ABodyWithoutEndIsNotRead(string framing, string before, string after)
    {
        var closed = new TaskCompletionSource();
        await using var receiver = SocketReceiver.Start(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync($"HTTP/1.1 200 OK\r\n{framing}\r\n\r\n");
            await connection.WriteUntilClosedAsync(before + new string('a', 1024) + after, closed);
        });

        Assert.Equal(new WebhookAnswer { Status = 200 }, await _calls.SendAsync(receiver.Url()));
        await closed.Task.WithinLimit("the connection is dropped");
    }

    [Theory]
    [InlineData("X-More: and more and more and more\r\n")]
    [InlineData("endless-name-and-no-line-break-")]
    public async Task HeadersWithoutEndAreAFault(string part)
    {
        var closed = new TaskCompletionSource();
        await using var receiver = SocketReceiver.Start(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\n");
            await connection.WriteUntilClosedAsync(part, closed);
        });

        Assert.Equal(new WebhookAnswer { Fault = "The answer's headers are too long." }, await _calls.SendAsync(receiver.Url()));
        await closed.Task.WithinLimit("the connection is dropped");
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nX-Cut: of")]
    public async Task AReceiverThatClosesWithoutAnAnswerIsAFault(string beginning)
    {
        await using var receiver = SocketReceiver.Start(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync(beginning);
        });

        Assert.Equal(
            new WebhookAnswer { Fault = "The connection was closed before there was an answer." }, await _calls.SendAsync(receiver.Url()));
    }

    [Fact]
    public async Task ABodyThatIsCutOffIsAnAnswerAllTheSame()
    {
        await using var receiver = SocketReceiver.Start(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nok");
        });

        Assert.Equal(new WebhookAnswer { Status = 200 }, await _calls.SendAsync(receiver.Url()));
    }

    [Fact]
    public async Task AReceiverThatClosesEachConnectionIsConnectedToAgain()
    {
        await using var receiver = SocketReceiver.Start(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\ntaken");
        });

        for (var i = 0; i < 3; i++)
            Assert.Equal(new WebhookAnswer { Status = 200 }, await _calls.SendAsync(receiver.Url()));
        Assert.Equal(3, receiver.Connections);
    }

    [Fact]
    public async Task WhatIsNotHttpIsAFaultAndNotQuoted()
    {
        await using var receiver = SocketReceiver.Answering("SSH-2.0-secret\r\n\r\n");

        Assert.Equal(new WebhookAnswer { Fault = "The answer is not HTTP as it should be." }, await _calls.SendAsync(receiver.Url()));
    }

    [Fact]
    public async Task AReceiverThatIsNotThereIsAFault()
    {
        var receiver = SocketReceiver.Answering(Ok);
        var url = receiver.Url();
        await receiver.DisposeAsync();

        Assert.Equal(new WebhookAnswer { Fault = "The connection failed: ConnectionRefused." }, await _calls.SendAsync(url));
    }

    [Fact]
    public async Task TheCallerMayGiveUp()
    {
        using var canceled = new CancellationTokenSource();
        var received = new TaskCompletionSource();
        await using var receiver = SocketReceiver.Start(async connection =>
        {
            await connection.ReadRequestAsync();
            received.SetResult();
            await connection.WaitUntilClosedAsync(new TaskCompletionSource());
        });

        var call = _calls.SendAsync(receiver.Url(), canceled.Token);
        await received.Task.WithinLimit("the request arrives");
        await canceled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task TheEnginesSenderIsGuardedByItsSettings()
    {
        await using var receiver = SocketReceiver.Answering(Ok);
        foreach (var (isAllowed, status) in new[] { ("true", (int?)200), ("false", null) })
        {
            var configuration = new ConfigurationBuilder()
                .AddInMemoryCollection([new("A2A:Webhooks:AllowLoopback", isAllowed), new("A2A:Webhooks:DeniedHosts:0", "example.com")])
                    .Build();
            await using var services = new ServiceCollection().AddServerlessA2A(configuration).BuildServiceProvider();
            var call = new WebhookCall { Url = new Uri(receiver.Url("localhost")), Body = default, ContentType = "text/plain" };

            Assert.Equal(status, (await services.GetRequiredService<WebhookSender>().SendAsync(call, CancellationToken.None)).Status);
        }
    }

    [Fact]
    public async Task ReceiversThatHangHoldUpNoOther()
    {
        await using var hanging = SocketReceiver.Start(connection => connection.WaitUntilClosedAsync(new TaskCompletionSource()));
        await using var receiver = SocketReceiver.Answering(Ok);
        _calls.Hosts.Add("slow.example.com", "127.0.0.1");

        var hung = Enumerable.Range(0, 200).Select(_ => _calls.SendAsync(hanging.Url("slow.example.com"))).ToList();
        Assert.Equal(new WebhookAnswer { Status = 200 }, await _calls.SendAsync(receiver.Url()));
        _calls.Clock.Advance(TimeSpan.FromSeconds(20));

        Assert.All(await Task.WhenAll(hung), answer => Assert.Equal("There was no answer within 00:00:20.", answer.Fault));
    }
}
