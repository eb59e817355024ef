using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using ServerlessA2A.Webhooks.Delivery;

namespace ServerlessA2A.Client.AspNetCore.Tests.Chaos;

/// <summary>
/// Between the agent and the receiver: loses calls and answers, lets calls hang, ends the worker that made them, and keeps copies, which
/// arrive again at any later time.
/// </summary>
internal sealed class UnreliableNetwork(Func<int, int> roll)
{
    /// <summary>A header of copies and of forged calls, which are neither lost nor copied again.</summary>
    public const string Safe = "X-Test-Safe";

    private readonly ConcurrentQueue<SentCall> _copies = new();
    private int _calls;

    /// <summary>The worker that delivers a task's events, by the task.</summary>
    public ConcurrentDictionary<string, CancellationTokenSource> Workers { get; } = new();

    /// <summary>The calls that arrived so far.</summary>
    public IReadOnlyList<SentCall> Copies => [.. _copies];

    /// <summary>How often each fault occurred.</summary>
    public ConcurrentDictionary<string, int> Faults { get; } = new();

    /// <summary>Passes a call on, or does not.</summary>
    public async Task PassAsync(HttpContext context, RequestDelegate receiver)
    {
        if (context.Request.Headers.ContainsKey(Safe))
        {
            await receiver(context);
            return;
        }

        // Which roll a call gets depends on timing: a fault as rare as a hang is counted out, so that each run has one.
        var fault = Interlocked.Increment(ref _calls) % 400 == 100 ? "hangs" : roll(400) switch
        {
            < 24 => "answers 500",
            < 32 => "answers 503",
            < 48 => "call lost",
            < 72 => "answer lost",
            < 80 => "worker dies",
            _ => "",
        };
        if (fault.Length > 0)
            Faults.AddOrUpdate(fault, 1, (_, count) => count + 1);
        switch (fault)
        {
            case "answers 500":
                context.Response.StatusCode = 500;
                return;
            case "answers 503":
                context.Response.StatusCode = 503;
                context.Response.Headers.RetryAfter = roll(60).ToString(CultureInfo.InvariantCulture);
                return;
            case "call lost":
                context.Abort();
                return;
        }

        var copy = await SentCall.OfAsync(context.Request);
        _copies.Enqueue(copy);
        await receiver(context);
        if (fault == "worker dies" && Workers.TryGetValue(copy.TaskId, out var worker))
            await worker.CancelAsync();
        if (fault is "worker dies" or "hangs")
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        if (fault.Length > 0)
            context.Abort();
    }
}

/// <summary>A call as it was sent.</summary>
internal sealed record SentCall(IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    /// <summary>The task that it is about.</summary>
    public string TaskId => Headers[WebhookCaller.IdempotencyKey].Split(':')[0];

    /// <summary>The number of its event.</summary>
    public long Seq => long.Parse(Headers[WebhookCaller.IdempotencyKey].Split(':')[1], CultureInfo.InvariantCulture);

    /// <summary>Reads a call, and leaves it for the receiver.</summary>
    public static async Task<SentCall> OfAsync(HttpRequest request)
    {
        request.EnableBuffering();
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        request.Body.Position = 0;
        return new(request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString()), body.ToArray());
    }

    /// <summary>The call with another signature; null for none.</summary>
    public SentCall Signed(string? signature)
    {
        var headers = Headers.ToDictionary(StringComparer.OrdinalIgnoreCase);
        headers.Remove(WebhookCaller.Signature);
        if (signature is not null)
            headers[WebhookCaller.Signature] = signature;
        return this with { Headers = headers };
    }

    /// <summary>The call with another Idempotency-Key.</summary>
    public SentCall Keyed(string key) => this with
    {
        Headers = new Dictionary<string, string>(Headers, StringComparer.OrdinalIgnoreCase) { [WebhookCaller.IdempotencyKey] = key },
    };

    /// <summary>Sends the call past the faults, and returns the status of the answer.</summary>
    public async Task<int> SendAsync(HttpClient http, string address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(Body) };
        foreach (var (name, value) in Headers.Where(header => header.Key is not ("Host" or "Content-Length")))
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
                request.Content.Headers.TryAddWithoutValidation(name, value);
        }

        request.Headers.Add(UnreliableNetwork.Safe, "1");
        using var answer = await http.SendAsync(request);
        return (int)answer.StatusCode;
    }
}
