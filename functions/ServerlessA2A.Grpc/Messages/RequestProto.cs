using Google.Protobuf.WellKnownTypes;
using ServerlessA2A.Protocol.Cards;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.Grpc.Messages;

/// <summary>
/// Requests about messages, tasks and the card. What they contain is validated where they are executed, as for every binding.
/// </summary>
internal static class RequestProto
{
    public static SendMessageRequest Read(V1.SendMessageRequest request) => new()
    {
        Tenant = MessageProto.TextUnlessEmpty(request.Tenant),
        Message = request.Message is { } message ? MessageProto.Read(message, "message") : null!,
        Configuration = request.Configuration is { } configuration ? Read(configuration) : null,
        Metadata = FreeJson.Read("metadata", request.Metadata),
    };

    public static GetTaskRequest Read(V1.GetTaskRequest request) => new()
    {
        Tenant = MessageProto.TextUnlessEmpty(request.Tenant),
        Id = request.Id,
        HistoryLength = request.HasHistoryLength ? request.HistoryLength : null,
    };

    public static ListTasksRequest Read(V1.ListTasksRequest request) => new()
    {
        Tenant = MessageProto.TextUnlessEmpty(request.Tenant),
        ContextId = MessageProto.TextUnlessEmpty(request.ContextId),
        Status = System.Enum.IsDefined((TaskState)request.Status)
            ? (TaskState)request.Status
            : throw A2AException.InvalidParams("status", "must be a task state, such as TASK_STATE_WORKING"),
        PageSize = request.HasPageSize ? request.PageSize : null,
        PageToken = MessageProto.TextUnlessEmpty(request.PageToken),
        HistoryLength = request.HasHistoryLength ? request.HistoryLength : null,
        StatusTimestampAfter = request.StatusTimestampAfter is { } after ? Read(after) : null,
        IncludeArtifacts = request.HasIncludeArtifacts ? request.IncludeArtifacts : null,
    };

    public static CancelTaskRequest Read(V1.CancelTaskRequest request) => new()
    {
        Tenant = MessageProto.TextUnlessEmpty(request.Tenant),
        Id = request.Id,
        Metadata = FreeJson.Read("metadata", request.Metadata),
    };

    public static SubscribeToTaskRequest Read(V1.SubscribeToTaskRequest request) =>
        new() { Tenant = MessageProto.TextUnlessEmpty(request.Tenant), Id = request.Id };

    public static GetExtendedAgentCardRequest Read(V1.GetExtendedAgentCardRequest request) =>
        new() { Tenant = MessageProto.TextUnlessEmpty(request.Tenant) };

    private static SendMessageConfiguration Read(V1.SendMessageConfiguration configuration) => new()
    {
        AcceptedOutputModes = MessageProto.ListUnlessEmpty(configuration.AcceptedOutputModes),
        TaskPushNotificationConfig = configuration.TaskPushNotificationConfig is { } webhook ? WebhookProto.Read(webhook) : null,
        HistoryLength = configuration.HasHistoryLength ? configuration.HistoryLength : null,
        ReturnImmediately = configuration.ReturnImmediately,
    };

    private static DateTimeOffset Read(Timestamp moment)
    {
        try
        {
            return moment.ToDateTimeOffset();
        }
        catch (InvalidOperationException fault)
        {
            throw A2AException.InvalidParams(
                "statusTimestampAfter", "must be a moment from 0001-01-01 to 9999-12-31, with nanos from 0 to 999999999", fault);
        }
    }
}
