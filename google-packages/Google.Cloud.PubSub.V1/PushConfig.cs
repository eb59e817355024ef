namespace Google.Cloud.PubSub.V1;

public sealed class PushConfig
{
    /// <summary>Where messages are posted to.</summary>
    public string PushEndpoint { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); } = "";
}
