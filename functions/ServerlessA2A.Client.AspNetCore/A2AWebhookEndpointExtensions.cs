using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ServerlessA2A.Client.AspNetCore;
using ServerlessA2A.Client.Webhooks;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps receivers of webhooks.</summary>
public static class A2AWebhookEndpointExtensions
{
    /// <summary>
    /// Receives webhooks of A2A agents of any make, of both versions: verifies them, drops repeats, and hands the events of each task to
    /// the handler one after the other.
    /// </summary>
    /// <remarks>
    /// The answer is sent after the handler, since a serverless instance may have no time after it. The agent repeats a delivery whose
    /// handler throws or takes longer than the agent waits (agents of this library: 20 s). Repeats are known within this process only: a
    /// handler whose effect must not happen twice saves <see cref="WebhookEvent.Key"/> with it.
    /// </remarks>
    /// <param name="endpoints">The application.</param>
    /// <param name="pattern">The path.</param>
    /// <param name="handler">Takes an event.</param>
    /// <param name="configure">Sets how deliveries prove where they come from.</param>
    /// <exception cref="ArgumentException">The options would accept deliveries from anyone.</exception>
    public static IEndpointConventionBuilder MapA2AWebhook(
        this IEndpointRouteBuilder endpoints,
        string pattern,
        Func<WebhookEvent, CancellationToken, Task> handler,
        Action<WebhookReceiverOptions> configure)
    {
        var services = endpoints.ServiceProvider;
        var options = new WebhookReceiverOptions { TimeProvider = services.GetService<TimeProvider>() ?? TimeProvider.System };
        configure(options);
        var endpoint = new WebhookEndpoint(
            new WebhookReader(options), handler, options.MaxBodySize, services.GetRequiredService<ILogger<WebhookEndpoint>>());
        return endpoints.MapPost(pattern, (RequestDelegate)endpoint.HandleAsync);
    }
}
