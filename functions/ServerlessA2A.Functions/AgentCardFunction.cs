using Google.Cloud.Functions.Framework;
using Microsoft.AspNetCore.Http;
using ServerlessA2A.Bindings;

namespace ServerlessA2A.Functions;

/// <summary>
/// Serves the agent's card and the public keys of webhooks' signatures. Trigger: HTTP, <c>/.well-known/agent-card.json</c> (A2A 1.0,
/// section 8.2), the older <c>agent.json</c>, and <c>/.well-known/jwks.json</c>.
/// </summary>
public sealed class AgentCardFunction(AgentCardEndpoint endpoint) : IHttpFunction
{
    /// <inheritdoc/>
    public Task HandleAsync(HttpContext context) => endpoint.HandleAsync(context);
}
