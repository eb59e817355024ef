using Google.Cloud.Functions.Framework;
using Microsoft.AspNetCore.Http;
using ServerlessA2A.Bindings;

namespace ServerlessA2A.Functions;

/// <summary>
/// Serves A2A clients: all operations, over JSON-RPC and HTTP+JSON, in 1.0 and 0.3. Trigger: HTTP, every path. Redirects the well-known
/// paths of the card and of the webhooks' public keys to AgentCardFunction.
/// </summary>
public sealed class MessageFunction(A2AEndpoint endpoint) : IHttpFunction
{
    /// <inheritdoc/>
    public Task HandleAsync(HttpContext context) => endpoint.HandleAsync(context);
}
