namespace ServerlessA2A.Protocol.V0_3;

/// <summary>Requests.</summary>
internal static class RequestTranslation
{
    public static SendMessageRequest ToV1(WireSendRequest request, Binding binding) => new()
    {
        Message = (request.Message ?? request.Request) is { } message ? MessageTranslation.ToV1(message, binding) : null!,
        Configuration = request.Configuration is { } configuration ? ToV1(configuration, binding) : null,
        Metadata = request.Metadata,
    };

    public static WireSendRequest ToV0_3(SendMessageRequest request, Binding binding) => new()
    {
        Message = MessageTranslation.ToV0_3(request.Message, binding),
        Configuration = request.Configuration is { } configuration ? ToV0_3(configuration, binding) : null,
        Metadata = request.Metadata,
    };

    /// <summary>
    /// JSON-RPC waits unless told not to, as the SDKs' own 0.3 servers do. In HTTP+JSON <c>blocking</c> is a proto bool:
    /// where there is a configuration, its absence is false.
    /// </summary>
    private static SendMessageConfiguration ToV1(WireSendConfiguration configuration, Binding binding) => new()
    {
        AcceptedOutputModes = configuration.AcceptedOutputModes,
        TaskPushNotificationConfig = (configuration.PushNotificationConfig ?? configuration.PushNotification) is { } webhook
            ? PushConfigTranslation.ToV1(webhook)
            : null,
        HistoryLength = configuration.HistoryLength,
        ReturnImmediately = !(configuration.Blocking ?? binding == Binding.JsonRpc),
    };

    private static WireSendConfiguration ToV0_3(SendMessageConfiguration configuration, Binding binding)
    {
        var webhook = configuration.TaskPushNotificationConfig is { } config ? PushConfigTranslation.ToV0_3(config) : null;
        return new()
        {
            AcceptedOutputModes = configuration.AcceptedOutputModes,
            PushNotificationConfig = binding == Binding.JsonRpc ? webhook : null,
            PushNotification = binding == Binding.Http ? webhook : null,
            HistoryLength = configuration.HistoryLength,
            Blocking = binding == Binding.Http && configuration.ReturnImmediately ? null : !configuration.ReturnImmediately,
        };
    }
}
