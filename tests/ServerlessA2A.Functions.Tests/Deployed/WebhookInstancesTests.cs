using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using ServerlessA2A.Functions.Tests.Support;
using ServerlessA2A.Functions.Tests.Webhooks;
using ServerlessA2A.Tests.Support;
using ServerlessA2A.Webhooks.Delivery;

namespace ServerlessA2A.Functions.Tests.Deployed;

/// <summary>Webhooks arrive: over https, from instances that share nothing but the store and Pub/Sub.</summary>
[Collection(nameof(SharedDeployment))]
public class WebhookInstancesTests(WebhookDeployment shared) : IClassFixture<WebhookDeployment>, IAsyncLifetime
{
    private readonly List<string> _tasks = [];
    private ExpectedErrors _errors = null!;
    private Deployment _deployment = null!;
    private WebhookReceiver _receiver = null!;

    private HttpClient One => _deployment.Messages[0].Client;

    private HttpClient Other => _deployment.Messages[1].Client;

    private Uri Hook => new(_receiver.Address, "/hook?x=1");

    public async Task InitializeAsync()
    {
        _deployment = await shared.StartedAsync();
        _receiver = await shared.StartReceiverAsync();
        _errors = new(_deployment);
    }

    public async Task DisposeAsync()
    {
        // A delivery that is still made when its receiver is gone, such as a repeated one, would be given up in the middle of a later test.
        foreach (var id in _tasks)
        {
            var webhooks = await One.CallAsync(WebhookRequests.List(id));
            foreach (var webhook in webhooks.GetProperty("configs").EnumerateArray())
                await One.CallAsync(WebhookRequests.Delete(id, webhook.GetProperty("id").GetString()!));
        }

        await _receiver.DisposeAsync();
        await _errors.CheckAsync();
    }

    [SkippableFact]
    public async Task EachEventIsToldAsItIsStreamedAndTheEndLast()
    {
        var id = await SubmitAsync(WebhookRequests.Send("count 20 5ms", Hook));

        var told = FirstSightings(await UntilEndAsync(_receiver));

        var replay = await ReplayAsync(id);
        Assert.Equal(replay.Select(each => each.Id), told.Select(each => each.Seq));
        Assert.Equal(replay.Select(each => Json(each)), told.Select(each => Encoding.UTF8.GetString(each.Body)));
        Assert.Equal(("https", "TASK_STATE_COMPLETED"), (Hook.Scheme, told[^1].State));
        Assert.Equal(Requests.Count(20), replay.ArtifactText());
        Assert.All(told, each =>
        {
            Assert.Equal("application/a2a+json", each.Headers["Content-Type"]);
            Assert.Equal("1.0", each.Headers[WebhookCaller.Version]);
            Assert.Equal($"{id}:{each.Seq}", each.Headers[WebhookCaller.IdempotencyKey]);
            Assert.Equal("token", each.Headers[WebhookCaller.Token]);
            Assert.Equal("Bearer credentials", each.Headers["Authorization"]);
        });
    }

    [SkippableFact]
    public async Task AWebhookOfTheOlderVersionIsToldOfTheTaskItself()
    {
        var sent = await One.CallAsync(WebhookRequests.SendOlder("count 20 5ms", Hook, "an-older-token"));
        var id = sent.GetProperty("id").GetString()!;
        _tasks.Add(id);

        var told = await UntilEndAsync(_receiver);

        Assert.All(told, each =>
        {
            Assert.Equal(
                ("application/json", "task", id),
                (each.Headers["Content-Type"], each.Json.GetProperty("kind").GetString(), each.Json.GetProperty("id").GetString()));
            Assert.Equal("0.3", each.Headers[WebhookCaller.Version]);
            Assert.Equal("an-older-token", each.Headers[WebhookCaller.Token]);
        });
        Assert.Equal(told.Select(each => each.Seq).Order(), told.Select(each => each.Seq));
        Assert.Equal("completed", told[^1].State);
        Assert.Equal(Requests.Count(20), told[^1].Json.ArtifactText());
        Assert.Equal((await ReplayAsync(id))[^1].Id, told[^1].Seq);
    }

    [SkippableFact]
    public async Task AReceiverVerifiesWhoCallsWithTheKeysThatTheCardsFunctionServes()
    {
        await using var jose = await JoseVerifier.StartAsync(new Uri(_deployment.Card.Client.BaseAddress!, ".well-known/jwks.json"));
        var id = await SubmitAsync(WebhookRequests.Send("count 5 5ms", Hook));

        foreach (var told in await UntilEndAsync(_receiver))
        {
            var token = told.Headers[WebhookCaller.Signature];
            var verified = await jose.VerifyAsync(token, told.Body, Hook.OriginalString, WebhookDeployment.Issuer);
            Assert.True(verified.GetProperty("ok").GetBoolean(), verified.GetRawText());
            Assert.Equal(id, verified.GetProperty("claims").GetProperty("taskId").GetString());
            Assert.False((await jose.VerifyAsync(token, [.. told.Body, 0x20], Hook.OriginalString)).GetProperty("ok").GetBoolean());
        }
    }

    [SkippableFact]
    public async Task AfterAnOutageOfTheReceiverEverythingArrivesInOrder()
    {
        var calls = new ConcurrentQueue<long>();
        _receiver.Answer = (_, _) =>
        {
            calls.Enqueue(Stopwatch.GetTimestamp());
            return Task.FromResult((_receiver.Received.Count is >= 4 and < 7 ? 503 : 204, (string?)null));
        };
        var id = await SubmitAsync(WebhookRequests.Send("count 50 20ms", Hook));

        var told = await UntilEndAsync(_receiver);

        var again = told.GroupBy(each => each.Seq).Where(calls => calls.Count() > 1).ToList();
        Assert.Equal(4, Assert.Single(again).Count());
        Assert.Single(again[0].Select(each => Encoding.UTF8.GetString(each.Body)).Distinct());
        Assert.Equal((await ReplayAsync(id)).Select(Json), FirstSightings(told).Select(each => Encoding.UTF8.GetString(each.Body)));
        // The fourth, fifth and sixth have failed: it is called later and later.
        var pauses = calls.Zip(calls.Skip(1), Stopwatch.GetElapsedTime).Skip(3).Take(3).ToList();
        Assert.All(pauses.Zip([0.49, 0.99, 1.99]), pause => Assert.True(pause.First > TimeSpan.FromSeconds(pause.Second), $"{pause}"));
    }

    [SkippableFact]
    public async Task AReceiverThatWasGoneIsToldTheRestWhenItIsBack()
    {
        await using var gate = await Gate.StartAsync();
        var hook = Hook;
        var id = await SubmitAsync(WebhookRequests.Send($"count 20 5ms {gate.After(10)}", hook));
        await gate.ReachedAsync();
        await UntilAsync(
            _receiver, told => told.Any(each => each.Json.TryGetProperty("artifactUpdate", out _)), "the receiver has taken some");
        await _receiver.DisposeAsync();
        var before = _receiver.Received;
        gate.Open();
        await LineAsync(
            _deployment.Notifies, line =>
            line.Contains("Delivery attempt failed", StringComparison.Ordinal) && line.Contains(id, StringComparison.Ordinal));

        _receiver = await shared.StartReceiverAsync(hook.Port);
        var ended = UntilEndAsync(_receiver);
        await _deployment.SweepUntilAsync(ended, "the receiver is told of the end");
        var after = await ended;

        Assert.Equal(
            (await ReplayAsync(id)).Select(Json), FirstSightings([.. before, .. after]).Select(each => Encoding.UTF8.GetString(each.Body)));
    }

    [SkippableFact]
    public async Task AReceiverWithACertificateThatNobodyVouchesForIsToldNothing()
    {
        using var stranger = new TestAuthority();
        await using var receiver = await WebhookReceiver.StartAsync(stranger.Loopback);
        var id = await SubmitAsync(WebhookRequests.Send("hello", receiver.Address));

        var line = await LineAsync(
            _deployment.Notifies, line =>
            line.Contains("Delivery attempt failed", StringComparison.Ordinal) && line.Contains(id, StringComparison.Ordinal));

        Assert.Contains("TLS failed", line, StringComparison.Ordinal);
        await One.CallAsync(WebhookRequests.Delete(id));
        Assert.Empty(receiver.Received);
    }

    [SkippableFact]
    public async Task AReceiverIsLetAloneForAsLongAsItAsks()
    {
        var calls = new ConcurrentQueue<long>();
        _receiver.Answer = (_, _) =>
        {
            calls.Enqueue(Stopwatch.GetTimestamp());
            return Task.FromResult(calls.Count == 1 ? (429, "4") : (204, (string?)null));
        };
        await SubmitAsync(WebhookRequests.Send("count 5 1ms", Hook));

        var told = await UntilEndAsync(_receiver);

        Assert.Equal(told[0].Seq, told[1].Seq);
        // Backoff alone would be a second at most.
        var pause = Stopwatch.GetElapsedTime(calls.ElementAt(0), calls.ElementAt(1));
        Assert.True(pause >= TimeSpan.FromSeconds(3.99), $"{pause}");
    }

    [SkippableFact]
    public async Task AReceiverThatStaysAwayIsGivenUpAndTheTaskIsAsItWas()
    {
        _errors.Add("disabled and dead-lettered, last accepted event 0 (0: none): It has failed for 00:00:10. It answered 503.");
        // In this test only: on a machine that stands still, the webhooks of the others would be given up too.
        await RestartNotifiesAsync(("A2A__Webhooks__RetryLimit", "00:00:10"));
        try
        {
            _receiver.Answer = (_, _) => Task.FromResult((503, (string?)null));
            var id = await SubmitAsync(WebhookRequests.Send("hello", Hook));
            var end = await Other.EndOfAsync(id);

            await LineAsync([_deployment.DeadLetter], line => line.Contains("is a webhook delivery", StringComparison.Ordinal));

            var calls = _receiver.Received;
            Assert.InRange(calls.Count, 2, 10);
            Assert.All(calls, call => Assert.Equal(1, call.Seq));
            Assert.Equal("TASK_STATE_COMPLETED", end.State());
            Assert.Equal(end.GetRawText(), (await One.CallAsync(Requests.Get(id))).GetRawText());
            // The dead letter is published before the webhook is disabled, so that a crash in between loses neither: one notification may
            // still find the webhook enabled. The next one does not.
            await NotifyAgainAsync(id, 1);
            var count = _receiver.Received.Count;
            await NotifyAgainAsync(id, 1);
            Assert.Equal(count, _receiver.Received.Count);
        }
        finally
        {
            await RestartNotifiesAsync();
        }
    }

    [SkippableFact]
    public async Task ADeletionInMidFlightEndsTheCalls()
    {
        var called = new TaskCompletionSource();
        var deleted = new TaskCompletionSource();
        _receiver.Answer = async (received, stop) =>
        {
            if (received.Path == "/hook")
            {
                called.TrySetResult();
                await deleted.Task.WaitAsync(stop);
            }

            return (204, null);
        };
        var id = await SubmitAsync(WebhookRequests.Send("count 20 5ms", Hook));
        await called.Task.WithinLimit("the webhook is called");
        await Other.CallAsync(WebhookRequests.Create(id, new Uri(_receiver.Address, "/stays"), "stays"));

        await Other.CallAsync(WebhookRequests.Delete(id));
        deleted.SetResult();

        var told = await UntilAsync(
            _receiver, told => told.Any(each => each.Path == "/stays" && IsEnd(each)), "the webhook that stays is told of the end");
        await NotifyAgainAsync(id, told[^1].Seq);
        // An event comes twice where the first call was given up before the deletion, on a machine that stood still.
        Assert.Single(FirstSightings([.. _receiver.Received.Where(each => each.Path == "/hook")]));
    }

    [SkippableFact]
    public async Task AWebhookThatIsMadeAfterTheEndIsToldOfTheTaskAsItStands()
    {
        var task = (await One.CallAsync(Requests.Send("count 5 1ms"))).GetProperty("task");
        var id = task.GetProperty("id").GetString()!;
        _tasks.Add(id);
        await Other.CallAsync(WebhookRequests.Create(id, Hook));

        var told = Assert.Single(await UntilEndAsync(_receiver));

        Assert.Equal(task.GetRawText(), told.Json.GetProperty("task").GetRawText());
        Assert.Equal((await ReplayAsync(id))[^1].Id, told.Seq);
        await NotifyAgainAsync(id, told.Seq);
        Assert.Single(_receiver.Received);
    }

    [SkippableFact]
    public async Task AWebhookThatIsMadeOnTheOtherInstanceWhileTheTaskRunsIsToldOfTheTaskAndTheRest()
    {
        await using var gate = await Gate.StartAsync();
        var id = await SubmitAsync(Requests.Send($"count 20 5ms {gate.After(10)}", returnImmediately: true));
        await foreach (var streamed in One.StreamAsync(Requests.About("SubscribeToTask", id), lastEventId: 1))
        {
            if (streamed.Result().Name == "artifactUpdate")
                break;
        }

        await Other.CallAsync(WebhookRequests.Create(id, Hook));
        await UntilAsync(_receiver, told => told.Count > 0, "the webhook is told of the task");
        gate.Open();
        var told = FirstSightings(await UntilEndAsync(_receiver));

        Assert.Equal(("task", "TASK_STATE_WORKING"), (told[0].Json.EnumerateObject().Single().Name, told[0].State));
        var rest = (await ReplayAsync(id)).Where(each => each.Id > told[0].Seq).ToList();
        Assert.NotEmpty(rest);
        Assert.Equal(rest.Select(Json), told.Skip(1).Select(each => Encoding.UTF8.GetString(each.Body)));
        Assert.StartsWith(told[0].Json.GetProperty("task").ArtifactText()!, Requests.Count(20), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task AReceiverThatHangsHoldsUpNobodyElse()
    {
        _receiver.Answer = async (received, stop) =>
        {
            if (received.Path == "/hangs")
                await Task.Delay(Timeout.Infinite, stop);
            return (204, null);
        };
        var id = await SubmitAsync(WebhookRequests.Send("count 20 5ms", new Uri(_receiver.Address, "/hangs"), "hangs"));
        await Other.CallAsync(WebhookRequests.Create(id, Hook));

        await UntilAsync(
            _receiver, told => told.Any(each => each.Path == "/hangs") && told.Any(each => each.Path == "/hook" && IsEnd(each)),
            "one webhook is called, the other one is told of the end");

        // A call that hangs is repeated after its time limit; no later event is delivered before it.
        Assert.Single(FirstSightings([.. _receiver.Received.Where(each => each.Path == "/hangs")]));
        await One.CallAsync(WebhookRequests.Delete(id, "hangs"));
    }

    [SkippableFact]
    public async Task SecretsAreNowhereInClear()
    {
        var (token, credentials) = ($"token-{Guid.NewGuid():N}", $"credentials-{Guid.NewGuid():N}");
        _receiver.Answer = (_, _) => Task.FromResult((_receiver.Received.Count == 2 ? 500 : 204, (string?)null));
        var id = await SubmitAsync(WebhookRequests.Send("count 5 1ms", new Uri(_receiver.Address, "/one"), "one", token, credentials));
        await Other.CallAsync(WebhookRequests.Create(id, new Uri(_receiver.Address, "/two"), "two", token, credentials));
        await UntilAsync(
            _receiver, told => told.Where(IsEnd).DistinctBy(each => each.Path).Count() == 2, "both webhooks are told of the end");

        Assert.All(_receiver.Received, told =>
            Assert.Equal((token, $"Bearer {credentials}"), (told.Headers[WebhookCaller.Token], told.Headers["Authorization"])));
        Assert.All(_deployment.Instances, instance => Assert.Empty(instance.LinesWith(token).Concat(instance.LinesWith(credentials))));
        var stored = await shared.StoredAsync();
        Assert.Equal(
            2, stored.Count(text => text.Contains(id, StringComparison.Ordinal) && text.Contains("enc:1:", StringComparison.Ordinal)));
        Assert.All(stored, text => Assert.DoesNotContain(token, text, StringComparison.Ordinal));
        Assert.All(stored, text => Assert.DoesNotContain(credentials, text, StringComparison.Ordinal));
    }

    [SkippableFact]
    public async Task EachDeliveryBelongsToTheTraceOfTheRequest()
    {
        var trace = $"{Guid.NewGuid():N}";
        using var request = new HttpRequestMessage(
            HttpMethod.Post, "/")
        { Content = Requests.Json(WebhookRequests.Send("count 20 5ms", Hook)) };
        request.Headers.Add("traceparent", $"00-{trace}-00f067aa0ba902b7-01");
        using var response = await One.SendAsync(request);
        response.EnsureSuccessStatusCode();
        using var sent = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        _tasks.Add(sent.RootElement.GetProperty("result").GetProperty("task").GetProperty("id").GetString()!);

        var told = await UntilEndAsync(_receiver);

        Assert.All(told, each => Assert.Equal(trace, each.Headers["traceparent"].Split('-')[1]));
    }

    private Task RestartNotifiesAsync(params (string Name, string Value)[] settings) =>
        Task.WhenAll(_deployment.Notifies.Select(async notify =>
        {
            await notify.KillAsync();
            await notify.StartAsync(settings);
        }));

    private async Task<string> SubmitAsync(string send)
    {
        var id = (await One.CallAsync(send)).GetProperty("task").GetProperty("id").GetString()!;
        _tasks.Add(id);
        return id;
    }

    private Task<List<StreamEvent>> ReplayAsync(string id) =>
        Other.StreamAsync(Requests.About("SubscribeToTask", id), lastEventId: 0).ToListAsync().AsTask().WithinLimit("the task is streamed");

    /// <summary>Requests a delivery to the webhook once more, and waits until NotifyFunction has acknowledged it.</summary>
    private async Task NotifyAgainAsync(string id, long seq)
    {
        var messageId = await _deployment.PublishAsync("a2a-notifications", $$"""{"taskId":"{{id}}","seq":{{seq}},"configId":"hook"}""");
        await _deployment.Bridge.AcknowledgedAsync(messageId).WithinLimit("the request is acknowledged");
    }

    private static string Json(StreamEvent streamed) => $$"""{"{{streamed.Result().Name}}":{{streamed.Result().Value.GetRawText()}}}""";

    private static List<ReceivedWebhook> FirstSightings(IReadOnlyList<ReceivedWebhook> told) => [.. told.DistinctBy(each => each.Seq)];

    private static bool IsEnd(ReceivedWebhook told) => told.State is "TASK_STATE_COMPLETED" or "completed";

    private static Task<IReadOnlyList<ReceivedWebhook>> UntilEndAsync(WebhookReceiver receiver) =>
        UntilAsync(receiver, told => told.Any(IsEnd), "the receiver is told of the end");

    private static async Task<IReadOnlyList<ReceivedWebhook>> UntilAsync(
        WebhookReceiver receiver, Func<IReadOnlyList<ReceivedWebhook>, bool> isEnough, string what)
    {
        try
        {
            while (!isEnough(receiver.Received))
                await receiver.NextAsync();
            return receiver.Received;
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException(
                $"Did not happen: {what}. It was " +
                $"told:\n{string.Join('\n', receiver.Received.Select(each => $"{each.Path} {each.Seq} {each.State}"))}", late);
        }
    }

    /// <summary>Waits for a line in the log of one of the instances.</summary>
    private static async Task<string> LineAsync(IEnumerable<FunctionInstance> instances, Func<string, bool> isIt) =>
        await (await Task.WhenAny(instances.Select(instance => instance.Program.LineAsync(isIt))));
}
