using ServerlessA2A.Protocol.PushNotifications;

namespace ServerlessA2A.Grpc.Messages;

/// <summary>Webhooks, and requests about them.</summary>
internal static class WebhookProto
{
    public static TaskPushNotificationConfig Read(V1.TaskPushNotificationConfig config) => new()
    {
        Tenant = MessageProto.TextUnlessEmpty(config.Tenant),
        Id = MessageProto.TextUnlessEmpty(config.Id),
        TaskId = MessageProto.TextUnlessEmpty(config.TaskId),
        Url = config.Url,
        Token = MessageProto.TextUnlessEmpty(config.Token),
        Authentication = config.Authentication is { } authentication
            ? new() { Scheme = authentication.Scheme, Credentials = MessageProto.TextUnlessEmpty(authentication.Credentials) }
            : null,
    };

    public static GetTaskPushNotificationConfigRequest Read(V1.GetTaskPushNotificationConfigRequest request) =>
        new() { Tenant = MessageProto.TextUnlessEmpty(request.Tenant), TaskId = request.TaskId, Id = request.Id };

    public static DeleteTaskPushNotificationConfigRequest Read(V1.DeleteTaskPushNotificationConfigRequest request) =>
        new() { Tenant = MessageProto.TextUnlessEmpty(request.Tenant), TaskId = request.TaskId, Id = request.Id };

    public static ListTaskPushNotificationConfigsRequest Read(V1.ListTaskPushNotificationConfigsRequest request) => new()
    {
        Tenant = MessageProto.TextUnlessEmpty(request.Tenant),
        TaskId = request.TaskId,
        PageSize = request.PageSize,
        PageToken = MessageProto.TextUnlessEmpty(request.PageToken),
    };

    public static V1.TaskPushNotificationConfig Write(TaskPushNotificationConfig config) => new()
    {
        Tenant = config.Tenant ?? "",
        Id = config.Id ?? "",
        TaskId = config.TaskId ?? "",
        Url = config.Url,
        Token = config.Token ?? "",
        Authentication = config.Authentication is { } authentication
            ? new() { Scheme = authentication.Scheme, Credentials = authentication.Credentials ?? "" }
            : null,
    };

    public static V1.ListTaskPushNotificationConfigsResponse Write(ListTaskPushNotificationConfigsResponse response)
    {
        var result = new V1.ListTaskPushNotificationConfigsResponse { NextPageToken = response.NextPageToken };
        result.Configs.AddRange(response.Configs.Select(Write));
        return result;
    }
}
