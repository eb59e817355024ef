using System.Text.Json;
using Microsoft.Agents.AI;
using Microsoft.Agents.AI.Workflows;
using Microsoft.Extensions.AI;
using ServerlessA2A.AgentFramework.Questions;
using ServerlessA2A.Chat.Contents;

namespace ServerlessA2A.AgentFramework.Workflows;

/// <summary>Reads the events of a workflow from the updates of its agent.</summary>
internal static class WorkflowEvents
{
    /// <summary>Whether a step has ended.</summary>
    public static bool EndsStep(AgentResponseUpdate update) => update.RawRepresentation is SuperStepCompletedEvent;

    /// <summary>Whether a step has ended after which the workflow has more to do.</summary>
    public static bool EndsStepBeforeOthers(AgentResponseUpdate update) =>
        update.RawRepresentation is SuperStepCompletedEvent { CompletionInfo.HasPendingMessages: true };

    /// <summary>
    /// Whether the workflow has received its turn. The framework sends the turn after the messages and answers, and steps may end before
    /// it: their checkpoints lack what comes later, and a run that continues from one would wait for it forever.
    /// </summary>
    public static bool BeginsTurn(AgentResponseUpdate update) => update.RawRepresentation is ExecutorInvokedEvent { Data: TurnToken };

    /// <summary>The failure that an update reports; null for none.</summary>
    public static Exception? FailureOf(AgentResponseUpdate update) => update.RawRepresentation switch
    {
        ExecutorFailedEvent { Data: Exception failure } => failure,
        WorkflowErrorEvent { Exception: { } failure } => failure,
        _ => null,
    };

    /// <summary>The request to the client that an update brings; null for none.</summary>
    public static Question? QuestionOf(AgentResponseUpdate update)
    {
        if (update.RawRepresentation is not RequestInfoEvent { Request: var request })
            return null;
        var content = update.Contents.FirstOrDefault(each => each is ToolApprovalRequestContent or FunctionCallContent);
        if (content is not FunctionCallContent call || request.TryGetDataAs<FunctionCallContent>(out _))
            return content is null ? null : new Question { Request = content };
        var asked = Resolve(request.PortInfo.RequestType) is { } type && request.TryGetDataAs(type, out var data)
            ? JsonSerializer.SerializeToElement(data, type, ChatJson.Options)
            : default(JsonElement?);
        return new Question
        {
            Request = new FunctionCallContent(call.CallId, call.Name, new Dictionary<string, object?> { [Question.Data] = asked }),
            AnswerType = Resolve(request.PortInfo.ResponseType)?.AssemblyQualifiedName,
        };
    }

    private static Type? Resolve(Microsoft.Agents.AI.Workflows.Checkpointing.TypeId type) =>
        Type.GetType($"{type.TypeName}, {type.AssemblyName}");
}
