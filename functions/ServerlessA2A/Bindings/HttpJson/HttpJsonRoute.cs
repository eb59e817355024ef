using ServerlessA2A.Protocol;

namespace ServerlessA2A.Bindings.HttpJson;

/// <summary>A parsed path: version, tenant, resource and ids.</summary>
/// <param name="Resource">The resource.</param>
/// <param name="Version">0.3 for paths under <c>/v1/</c>, 1.0 for the others.</param>
/// <param name="Tenant">The tenant; empty where the path names none.</param>
/// <param name="TaskId">The task, where the resource is of one.</param>
/// <param name="ConfigId">The webhook, where the resource is one.</param>
internal sealed record HttpJsonRoute(HttpJsonResource Resource, ProtocolVersion Version, string Tenant, string? TaskId, string? ConfigId);
