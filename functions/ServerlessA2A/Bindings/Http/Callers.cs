using System.Text;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Security;

namespace ServerlessA2A.Bindings.Http;

/// <summary>
/// Decides whose tasks a request is about. The callers of each agent and of each tenant are separate owners.
/// </summary>
internal static class Callers
{
    /// <summary>The caller.</summary>
    /// <param name="agent">The agent that is called.</param>
    /// <param name="identity">The authenticated identity; null for an anonymous caller.</param>
    /// <param name="pathTenant">The tenant in the path or the query; null or empty where they have none.</param>
    /// <param name="requestTenant">The request's <c>tenant</c> member.</param>
    /// <exception cref="A2AException">InvalidParams where the URL and the request name different tenants.</exception>
    public static Caller Identify(string agent, Identity? identity, string? pathTenant, string? requestTenant) =>
        Identify(identity, pathTenant, requestTenant) with { Agent = agent };

    private static Caller Identify(Identity? identity, string? pathTenant, string? requestTenant)
    {
        var hasRequestTenant = !string.IsNullOrEmpty(requestTenant);
        if (string.IsNullOrEmpty(pathTenant))
            return hasRequestTenant ? Of(identity, requestTenant!) : identity is null ? Caller.Anonymous : Of(identity, "");
        if (hasRequestTenant && requestTenant != pathTenant)
            throw A2AException.InvalidParams("tenant", "differs from the tenant in the URL");
        return Of(identity, pathTenant);
    }

    /// <summary>
    /// In bytes: stores index owners, which combine tenant and identity, and Firestore compares only the first 1,500 bytes of a value.
    /// </summary>
    private static Caller Of(Identity? identity, string tenant) => Encoding.UTF8.GetByteCount(tenant) <= RequestValidation.MaxIdLength
        ? new Caller(tenant, identity?.Key ?? "")
        : throw A2AException.InvalidParams(
            "tenant", FormattableString.Invariant($"must not be longer than {RequestValidation.MaxIdLength} bytes"));
}
