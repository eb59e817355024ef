using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.PushNotifications;
using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.Protocol.Errors;

/// <summary>Validates requests against the specification's rules and reports all violations together.</summary>
/// <remarks>
/// A2A 1.0, sections 3.1 and 5.7; the same for every version and binding, because each is read into the 1.0 records first. An id has at
/// most <see cref="MaxIdLength"/> bytes: the specification sets no limit, but stores do. JSON in <c>data</c> and <c>metadata</c> nests at
/// most <see cref="ProtocolJson.MaxValueDepth"/> levels, because readers set a limit.
/// </remarks>
internal static class RequestValidation
{
    /// <summary>The longest valid id, in bytes of UTF-8: Firestore cannot query values of more than 1,500 bytes.</summary>
    public const int MaxIdLength = 512;

    /// <summary>The largest page size.</summary>
    public const int MaxPageSize = 100;

    /// <summary>Validates a message and its configuration.</summary>
    /// <exception cref="A2AException">InvalidParams, with every violation.</exception>
    public static void Check(SendMessageRequest request)
    {
        var violations = new Violations();
        if (request.Message is { } message) MessageRules.Check(message, ref violations);
        else violations.Add("message", "is required");

        violations.Depth("metadata", request.Metadata);
        if (request.Configuration is { } configuration)
        {
            violations.Items("configuration.acceptedOutputModes", configuration.AcceptedOutputModes);
            violations.NotNegative("configuration.historyLength", configuration.HistoryLength);
            if (configuration.TaskPushNotificationConfig is { } webhook)
                TaskPushNotificationConfigRules.Check(webhook, "configuration.taskPushNotificationConfig.", ref violations);
        }

        violations.ThrowIfAny();
    }

    /// <inheritdoc cref="Check(SendMessageRequest)"/>
    public static void Check(GetTaskRequest request)
    {
        var violations = new Violations();
        violations.Id("id", request.Id);
        violations.NotNegative("historyLength", request.HistoryLength);
        violations.ThrowIfAny();
    }

    /// <inheritdoc cref="Check(SendMessageRequest)"/>
    public static void Check(ListTasksRequest request)
    {
        var violations = new Violations();
        violations.OptionalId("contextId", request.ContextId);
        violations.PageSize(request.PageSize);
        violations.NotNegative("historyLength", request.HistoryLength);
        violations.ThrowIfAny();
    }

    /// <inheritdoc cref="Check(SendMessageRequest)"/>
    public static void Check(CancelTaskRequest request)
    {
        var violations = new Violations();
        violations.Id("id", request.Id);
        violations.Depth("metadata", request.Metadata);
        violations.ThrowIfAny();
    }

    /// <inheritdoc cref="Check(SendMessageRequest)"/>
    public static void Check(SubscribeToTaskRequest request) => CheckId("id", request.Id);

    /// <summary>Validates a webhook to create for a task.</summary>
    /// <exception cref="A2AException">InvalidParams, with every violation.</exception>
    public static void Check(TaskPushNotificationConfig request)
    {
        var violations = new Violations();
        violations.Id("taskId", request.TaskId);
        TaskPushNotificationConfigRules.Check(request, "", ref violations);
        violations.ThrowIfAny();
    }

    /// <inheritdoc cref="Check(SendMessageRequest)"/>
    public static void Check(GetTaskPushNotificationConfigRequest request) => CheckIds(request.TaskId, request.Id);

    /// <inheritdoc cref="Check(SendMessageRequest)"/>
    public static void Check(DeleteTaskPushNotificationConfigRequest request) => CheckIds(request.TaskId, request.Id);

    /// <inheritdoc cref="Check(SendMessageRequest)"/>
    public static void Check(ListTaskPushNotificationConfigsRequest request)
    {
        var violations = new Violations();
        violations.Id("taskId", request.TaskId);
        violations.PageSize(request.PageSize);
        violations.ThrowIfAny();
    }

    private static void CheckId(string field, string? id)
    {
        var violations = new Violations();
        violations.Id(field, id);
        violations.ThrowIfAny();
    }

    private static void CheckIds(string? taskId, string? id)
    {
        var violations = new Violations();
        violations.Id("taskId", taskId);
        violations.Id("id", id);
        violations.ThrowIfAny();
    }
}
