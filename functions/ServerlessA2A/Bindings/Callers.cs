using ServerlessA2A.Protocol;
using ServerlessA2A.Security;

namespace ServerlessA2A.Bindings;

/// <summary>From a request to who calls: the one place that decides it. Callers are anonymous, each tenant's apart from the others'.</summary>
internal static class Callers
{
    /// <summary>The caller.</summary>
    /// <param name="pathTenant">The tenant in the path; null or empty where it has none.</param>
    /// <param name="requestTenant">The request's <c>tenant</c> member or query parameter.</param>
    /// <exception cref="A2AException">InvalidParams where path and request name different tenants.</exception>
    public static Caller Identify(string? pathTenant, string? requestTenant)
    {
        var hasRequestTenant = !string.IsNullOrEmpty(requestTenant);
        if (string.IsNullOrEmpty(pathTenant))
            return hasRequestTenant ? Of(requestTenant!) : Caller.Anonymous;
        if (hasRequestTenant && requestTenant != pathTenant)
            throw A2AException.InvalidParams("tenant", "differs from the tenant in the path");
        return Of(pathTenant);
    }

    private static Caller Of(string tenant) => tenant.Length <= RequestValidation.MaxIdLength
        ? new Caller(tenant, "")
        : throw A2AException.InvalidParams("tenant", FormattableString.Invariant($"must not be longer than {RequestValidation.MaxIdLength} characters"));
}
