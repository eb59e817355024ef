#nullable disable annotations
using Google.Api.Gax;
using Google.Api.Gax.Grpc;

namespace Google.Cloud.AIPlatform.V1;

/// <summary>How a client makes its calls. None is tried again by itself.</summary>
public sealed class PredictionServiceSettings : ServiceSettingsBase
{
    public CallSettings GenerateContentSettings { get; set; } = CallSettings.FromExpiration(Expiration.None);

    public CallSettings StreamGenerateContentSettings { get; set; } = CallSettings.FromExpiration(Expiration.None);

    public static PredictionServiceSettings GetDefault() => new();
}
