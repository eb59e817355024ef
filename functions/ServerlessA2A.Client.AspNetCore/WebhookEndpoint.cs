using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using ServerlessA2A.Client.Webhooks;

namespace ServerlessA2A.Client.AspNetCore;

/// <summary>Answers deliveries: 200 once handled, 4xx for what must not be repeated, 5xx for what must.</summary>
internal sealed partial class WebhookEndpoint(
    WebhookReader reader, Func<WebhookEvent, CancellationToken, Task> handler, long maxBodySize, ILogger<WebhookEndpoint> log)
{
    private readonly EventOrder _order = new();

    public async Task HandleAsync(HttpContext context)
    {
        context.Response.StatusCode = await ReceiveAsync(context.Request, context.RequestAborted);
    }

    private async Task<int> ReceiveAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > maxBodySize) return StatusCodes.Status413PayloadTooLarge;
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = maxBodySize;
        var isRead = false;
        try
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body, cancellationToken);
            var received = await reader.ReadAsync(
                name => request.Headers.TryGetValue(name, out var value) ? value.ToString() : null, body.ToArray(), cancellationToken);
            isRead = true;
            if (!await _order.RunAsync(received, handler, cancellationToken)) LogRepeated(received.TaskId, received.Key);
            return StatusCodes.Status200OK;
        }
        catch (WebhookRejectedException rejected)
        {
            LogRejected(rejected.Message);
            return rejected.Status;
        }
        catch (BadHttpRequestException rejected)
        {
            return rejected.StatusCode;
        }
        catch (HttpRequestException unreachable) when (!isRead)
        {
            LogNoKeys(unreachable);
            return StatusCodes.Status503ServiceUnavailable;
        }
        catch (IOException) when (!isRead)
        {
            // The sender has broken off, and repeats the delivery.
            return StatusCodes.Status400BadRequest;
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            LogFailed(failure);
            return StatusCodes.Status500InternalServerError;
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Webhook delivery rejected: {Reason}")]
    private partial void LogRejected(string reason);

    [LoggerMessage(2, LogLevel.Information, "Webhook delivery repeated; dropped: task {TaskId}, key {Key}")]
    private partial void LogRepeated(string taskId, string? key);

    [LoggerMessage(3, LogLevel.Warning, "Webhook keys unavailable; delivery answered with 503")]
    private partial void LogNoKeys(Exception exception);

    [LoggerMessage(4, LogLevel.Error, "Webhook handler failed; delivery answered with 500, the agent repeats it")]
    private partial void LogFailed(Exception exception);
}
