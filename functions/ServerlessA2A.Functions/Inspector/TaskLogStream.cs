using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using ServerlessA2A.Bindings.Http;
using ServerlessA2A.Bindings.Streams;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tasks.Stored;
using ServerlessA2A.Webhooks;

namespace ServerlessA2A.Functions.Inspector;

/// <summary>
/// Streams what the store has of a task and clients do not see: its log with the times of the entries, its lease, and how far its webhooks
/// were delivered. Reads only.
/// </summary>
internal sealed class TaskLogStream(ITaskStore store, IWebhookStore webhooks, RequestTime time)
{
    /// <summary>How often it looks for changes that are no entries: a renewed lease, a delivery attempt.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Writes an event <c>entry</c> for each log entry after the number of the query parameter <c>after</c>, and an event <c>task</c> with
    /// the task's current state where that has changed, until the request's time is over.
    /// </summary>
    public async Task WriteAsync(Exchange exchange, string taskId)
    {
        var http = exchange.Http;
        var owner = exchange.CallOf(http.Request.Query["tenant"].ToString()).Caller.Owner;
        var after = ReadAfter(http.Request);
        var state = await ReadStateAsync(owner, taskId, http.RequestAborted) ?? throw A2AException.TaskNotFound(taskId);

        http.Response.ContentType = MediaType.EventStream;
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        using var timeUp = time.Start();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(timeUp.Token, http.RequestAborted);
        await using var entries = store.WatchAsync(taskId, after, stop.Token).GetAsyncEnumerator(stop.Token);
        using var timer = new PeriodicTimer(Interval, time.Clock);
        await SendAsync(http.Response, "task", state);
        var next = entries.MoveNextAsync().AsTask();
        var tick = timer.WaitForNextTickAsync(CancellationToken.None).AsTask();
        try
        {
            while (true)
            {
                if (await Task.WhenAny(next, tick) != next)
                {
                    tick = timer.WaitForNextTickAsync(CancellationToken.None).AsTask();
                }
                else if (await next)
                {
                    await SendAsync(http.Response, "entry", Write(entries.Current));
                    next = entries.MoveNextAsync().AsTask();
                    // The state is that of the end of the log, and of no interest while there is more.
                    if (next.IsCompleted)
                        continue;
                }
                else
                {
                    return;
                }

                if (await ReadStateAsync(owner, taskId, http.RequestAborted) is { } read && !read.Span.SequenceEqual(state.Span))
                    await SendAsync(http.Response, "task", state = read);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static long ReadAfter(HttpRequest request)
    {
        var text = request.Query["after"].ToString();
        return text.Length == 0 ? 0
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var after) ? after
            : throw A2AException.InvalidParams("after", "must be the number of an event");
    }

    private static async Task SendAsync(HttpResponse response, string name, ReadOnlyMemory<byte> json)
    {
        using var buffer = JsonBuffer.Rent();
        buffer.Append(System.Text.Encoding.ASCII.GetBytes($"event: {name}\n"));
        // Stored JSON has the line breaks of its client, and a line break ends a line of the event.
        foreach (var line in json.Span.SplitAny((byte)'\r', (byte)'\n'))
        {
            buffer.Append("data: "u8);
            buffer.Append(json.Span[line]);
            buffer.Append("\n"u8);
        }

        buffer.Append("\n"u8);
        await response.BodyWriter.WriteAsync(buffer.Written);
    }

    private static ReadOnlyMemory<byte> Write(LogEntry entry) => ProtocolJson.ObjectBytes(json =>
    {
        json.WriteNumber("first", entry.First);
        json.WriteString("at", entry.At);
        json.WritePropertyName("events");
        json.WriteRawValue(EventsJson.Write(entry.Events).Span, skipInputValidation: true);
    });

    private async Task<ReadOnlyMemory<byte>?> ReadStateAsync(string owner, string taskId, CancellationToken cancellationToken)
    {
        if (await store.ReadAsync(owner, taskId, cancellationToken) is not { } task)
            return null;
        var deliveries = new List<DeliveryState>();
        foreach (var webhook in await webhooks.ListWebhooksAsync(owner, taskId, cancellationToken) ?? [])
        {
            if (await webhooks.ReadDeliveryAsync(taskId, webhook.Id, cancellationToken) is { } delivery)
                deliveries.Add(delivery);
        }

        return ProtocolJson.ObjectBytes(json => Write(json, task, deliveries));
    }

    private static void Write(Utf8JsonWriter json, TaskSnapshot task, IReadOnlyList<DeliveryState> deliveries)
    {
        json.WriteString("id", task.Id);
        json.WriteString("contextId", task.Task.ContextId);
        json.WriteString("state", TaskStateNames.ToName(task.State));
        json.WriteNumber("seq", task.Seq);
        json.WriteString("createdAt", task.CreatedAt);
        json.WriteString("changedAt", task.ChangedAt);
        json.WriteString("expireAt", task.ExpireAt);
        json.WriteNumber("attempts", task.Attempts);
        json.WriteNumber("pending", task.Pending.Count);
        json.WriteNumber("size", task.Size);
        if (task.Checkpoint is { } checkpoint)
            json.WriteNumber("checkpointSize", checkpoint.Length);
        if (task.Lease is { } lease)
        {
            json.WriteStartObject("lease");
            json.WriteString("runId", lease.RunId);
            json.WriteString("until", lease.Until);
            json.WriteEndObject();
        }

        json.WriteStartArray("webhooks");
        foreach (var delivery in deliveries)
            Write(json, delivery);
        json.WriteEndArray();
    }

    /// <summary>The address of a webhook, without its token and credentials.</summary>
    private static void Write(Utf8JsonWriter json, DeliveryState delivery)
    {
        json.WriteStartObject();
        json.WriteString("id", delivery.Webhook.Id);
        json.WriteString("url", delivery.Webhook.Config.Url);
        json.WriteString("version", delivery.Webhook.Version == ProtocolVersion.V0_3 ? "0.3" : "1.0");
        if (delivery.Delivered is { } delivered)
            json.WriteNumber("delivered", delivered);
        json.WriteNumber("failures", delivery.Failures);
        if (delivery.FailingSince is { } since)
            json.WriteString("failingSince", since);
        if (delivery.DueAt is { } due)
            json.WriteString("dueAt", due);
        json.WriteString("holder", delivery.Holder);
        json.WriteString("endedBecause", delivery.EndedBecause);
        json.WriteStartArray("attempts");
        foreach (var attempt in delivery.Attempts)
        {
            json.WriteStartObject();
            json.WriteString("at", attempt.At);
            json.WriteNumber("seq", attempt.Seq);
            json.WriteNumber("milliseconds", (long)attempt.Duration.TotalMilliseconds);
            if (attempt.Status is { } status)
                json.WriteNumber("status", status);
            json.WriteString("error", attempt.Error);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
