using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ServerlessA2A.Hosting.Health;

/// <summary>The names of the engine's health checks.</summary>
internal static class HealthCheckNames
{
    public const string Store = "a2a-store";
    public const string Queue = "a2a-queue";
    public const string SigningKeys = "a2a-signing-keys";

    /// <summary>Whether a check is one of the engine's.</summary>
    public static bool Include(HealthCheckRegistration check) => check.Name is Store or Queue or SigningKeys;
}
