using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ServerlessA2A.Tests.Support;

/// <summary>What a receiver was told.</summary>
public sealed record ReceivedWebhook(string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    /// <summary>The number of the event that it tells of.</summary>
    public long Seq => long.Parse(Headers["Idempotency-Key"].Split(':')[^1], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The task's state, as far as it says one.</summary>
    public string? State =>
        Json.TryGetProperty("statusUpdate", out var update) ? update.GetProperty("status").GetProperty("state").GetString()
        : Json.TryGetProperty("task", out var task) ? task.GetProperty("status").GetProperty("state").GetString()
        : Json.TryGetProperty("status", out var status) ? status.GetProperty("state").GetString()
        : null;
}

/// <summary>A receiver of webhooks on this machine, on a port of its own. It takes everything unless a test says otherwise.</summary>
public sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly ConcurrentQueue<ReceivedWebhook> _received = new();
    private readonly Channel<ReceivedWebhook> _coming = Channel.CreateUnbounded<ReceivedWebhook>();
    private readonly CancellationTokenSource _stopping = new();

    private WebhookReceiver(WebApplication server) => _server = server;

    /// <summary>Its address: each path is a webhook.</summary>
    public Uri Address => new(_server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    /// <summary>What it was told, in order.</summary>
    public IReadOnlyList<ReceivedWebhook> Received => [.. _received];

    /// <summary>
    /// The status for a call, and when to try again; with status 0 the connection breaks, and an endless wait is one that never answers.
    /// </summary>
    public Func<ReceivedWebhook, CancellationToken, Task<(int Status, string? RetryAfter)>> Answer { get; set; } = (_, _) =>
        Task.FromResult((204, (string?)null));

    /// <summary>Starts one.</summary>
    /// <param name="certificate">Its certificate; unless given it speaks http.</param>
    /// <param name="port">Where one has been before; a free port unless given.</param>
    public static async Task<WebhookReceiver> StartAsync(X509Certificate2? certificate = null, int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, port, listen =>
        {
            if (certificate is not null)
                listen.UseHttps(certificate);
        }));
        var receiver = new WebhookReceiver(builder.Build());
        receiver._server.Run(receiver.HandleAsync);
        await receiver._server.StartAsync();
        return receiver;
    }

    /// <summary>The earliest call that was not given yet, once there is one.</summary>
    public async Task<ReceivedWebhook> NextAsync() => await _coming.Reader.ReadAsync().AsTask().WithinLimit("the webhook is called");

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _server.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var received = new ReceivedWebhook(
            context.Request.Path,
            context.Request.Headers.ToDictionary(header => header.Key, header => $"{header.Value}", StringComparer.OrdinalIgnoreCase),
            body.ToArray());
        _received.Enqueue(received);
        _coming.Writer.TryWrite(received);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stopping.Token);
        try
        {
            var (status, retryAfter) = await Answer(received, over.Token);
            if (status == 0)
            {
                context.Abort();
                return;
            }

            context.Response.StatusCode = status;
            if (retryAfter is not null)
                context.Response.Headers.RetryAfter = retryAfter;
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            context.Abort();
        }
    }
}
