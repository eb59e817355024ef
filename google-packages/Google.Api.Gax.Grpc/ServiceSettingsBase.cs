#nullable disable annotations
namespace Google.Api.Gax.Grpc;

/// <summary>What the settings of clients have in common.</summary>
public abstract class ServiceSettingsBase
{
    protected ServiceSettingsBase()
    {
    }

    /// <summary>Of all calls, unless those of a method or of a single call say otherwise.</summary>
    public CallSettings CallSettings { get; set; }
}
