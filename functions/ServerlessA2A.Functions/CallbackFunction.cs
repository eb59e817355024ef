using Google.Cloud.Functions.Framework;
using Microsoft.AspNetCore.Http;
using ServerlessA2A.Bindings;

namespace ServerlessA2A.Functions;

/// <summary>
/// Serves the callbacks to which browsers return from an authorization (<c>AgentContext.CreateCallback</c>). Trigger: HTTP,
/// <c>/callback</c> and <c>/callback/{taskId}</c>. Everyone may call it: the signed state in the request is the credential.
/// </summary>
public sealed class CallbackFunction(CallbackEndpoint endpoint) : IHttpFunction
{
    /// <inheritdoc/>
    public Task HandleAsync(HttpContext context) => endpoint.HandleAsync(context);
}
