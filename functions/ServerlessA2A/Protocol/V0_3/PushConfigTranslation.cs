namespace ServerlessA2A.Protocol.V0_3;

/// <summary>Webhooks.</summary>
internal static class PushConfigTranslation
{
    /// <summary>The id of a webhook that came without one: 0.3 clients look for theirs by the task alone.</summary>
    public const string DefaultId = "default";

    public static WireTaskPushConfig ToV0_3(TaskPushNotificationConfig config, Binding binding) => new()
    {
        TaskId = binding == Binding.JsonRpc ? config.TaskId : null,
        Name = binding == Binding.Http ? ResourceName.Of(config.TaskId, config.Id) : null,
        PushNotificationConfig = ToV0_3(config),
    };

    public static TaskPushNotificationConfig ToV1(WireTaskPushConfig outer)
    {
        var config = outer.Config ?? outer;
        var (taskId, id) = ResourceName.Parse(config.Name ?? outer.Parent);
        return ToV1(config.PushNotificationConfig, outer.ConfigId ?? id) with { TaskId = outer.TaskId ?? config.TaskId ?? taskId };
    }

    public static WirePushConfig ToV0_3(TaskPushNotificationConfig config) => new()
    {
        Id = config.Id,
        Url = config.Url,
        Token = config.Token,
        Authentication = config.Authentication is { } authentication
            ? new() { Schemes = [authentication.Scheme], Credentials = authentication.Credentials }
            : null,
    };

    /// <summary>Of several schemes the first is kept: 1.0 has one, and the credentials are for one only.</summary>
    public static TaskPushNotificationConfig ToV1(WirePushConfig? config, string? id = null) => new()
    {
        Id = config?.Id ?? id ?? DefaultId,
        Url = config?.Url!,
        Token = config?.Token,
        Authentication = config?.Authentication switch
        {
            null or { Schemes: null or [], Credentials: null } => null,
            { Schemes: [var scheme, ..] } some => new() { Scheme = scheme, Credentials = some.Credentials },
            var some => new() { Scheme = null!, Credentials = some.Credentials },
        },
    };
}
