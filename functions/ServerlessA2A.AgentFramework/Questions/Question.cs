using System.Text.Json;
using Microsoft.Extensions.AI;
using ServerlessA2A.Chat.Contents;
using ServerlessA2A.Protocol.Messages;

namespace ServerlessA2A.AgentFramework.Questions;

/// <summary>
/// What the client must answer before the agent can continue: an approval of a tool call, a call of a tool that the client has to make
/// itself, or the request of a workflow.
/// </summary>
internal sealed record Question
{
    /// <summary>The argument with the data of a workflow's request.</summary>
    public const string Data = "data";

    /// <summary>The agent's request: a <see cref="ToolApprovalRequestContent"/> or a <see cref="FunctionCallContent"/>.</summary>
    public required AIContent Request { get; init; }

    /// <summary>The type that a workflow expects, with its assembly; null if the agent takes any JSON.</summary>
    public string? AnswerType { get; init; }

    /// <summary>The client's answer; null until it comes.</summary>
    public JsonElement? Answer { get; init; }

    /// <summary>The request's id, unique within the session.</summary>
    private string Id => Request is ToolApprovalRequestContent approval ? approval.RequestId : Call.CallId;

    private FunctionCallContent Call => Request switch
    {
        ToolApprovalRequestContent { ToolCall: FunctionCallContent call } => call,
        FunctionCallContent call => call,
        ToolApprovalRequestContent { ToolCall: var other } => new FunctionCallContent(other.CallId, other.GetType().Name),
        _ => throw new InvalidOperationException($"{Request.GetType().Name} is no question."),
    };

    /// <summary>The question for the client: a text for people, and data for programs.</summary>
    public IEnumerable<Part> ToParts()
    {
        var arguments = ChatJson.ToElement(Call.Arguments ?? new Dictionary<string, object?>());
        var isApproval = Request is ToolApprovalRequestContent;
        yield return Part.FromText(isApproval ? $"May the agent call {Call.Name} with {arguments.GetRawText()}?"
            : TextIn(arguments) ?? $"The agent needs an answer to {Call.Name}: {arguments.GetRawText()}");
        yield return Part.FromData(isApproval
            ? ChatJson.ToElement(new { approvalRequest = new { id = Id, tool = Call.Name, arguments } })
            : ChatJson.ToElement(new { inputRequest = new { id = Id, name = Call.Name, arguments } }));
    }

    /// <summary>Applies the client's message; a question that it does not answer stays unanswered.</summary>
    public Question Hear(Message message)
    {
        // Half of a surrogate pair, which no checkpoint can hold: not even a text beside it may answer, since that answers all questions.
        if (Answer is not null || message.Parts.Any(part => part.Data is { } json && !ChatJson.CanWrite(json)))
            return this;
        var data = message.Parts.Select(part => part.Data).OfType<JsonElement>()
            .Where(json => json.ValueKind == JsonValueKind.Object).ToList();
        var named = data.Where(json => json.TryGetProperty("id", out _)).ToList();
        // A message with an id answers that question alone; any other message answers all of them.
        if (named.Count > 0)
            return named.Find(json => json.GetProperty("id") is { ValueKind: JsonValueKind.String } id && id.ValueEquals(Id)) is
            { ValueKind: JsonValueKind.Object } mine ? this with { Answer = mine } : this;
        if (data.Count > 0)
            return this with { Answer = data[0] };
        var text = string.Join('\n', message.Parts.Select(part => part.Text).OfType<string>()).Trim();
        return text.Length == 0 ? this : this with { Answer = ChatJson.ToElement(text) };
    }

    /// <summary>Whether there is an answer, of the type that a workflow expects.</summary>
    public bool HasFittingAnswer()
    {
        try
        {
            return Answer is not null && ToAnswer() is not null;
        }
        catch (Exception mismatch) when (mismatch is not OutOfMemoryException)
        {
            return false;
        }
    }

    /// <summary>The answer, as the agent takes it.</summary>
    /// <exception cref="JsonException">The workflow expects an answer of another type.</exception>
    public AIContent ToAnswer()
    {
        var answer = Answer ?? throw new InvalidOperationException("The question is not answered.");
        if (Request is not ToolApprovalRequestContent approval)
            return new FunctionResultContent(Call.CallId, Convert(answer));
        var verdict = Verdict.Read(answer);
        return approval.CreateResponse(verdict.IsApproved, verdict.Reason);
    }

    /// <summary>The role of a message with the answer.</summary>
    public ChatRole AnswerRole => Request is ToolApprovalRequestContent ? ChatRole.User : ChatRole.Tool;

    /// <summary>The question, if a workflow asks with a text; otherwise null.</summary>
    private static string? TextIn(JsonElement arguments) =>
        arguments.TryGetProperty(Data, out var data) && data.ValueKind == JsonValueKind.String && data.GetString() is { Length: > 0 } text
            ? text
            : null;

    private object? Convert(JsonElement answer)
    {
        var value = answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty("answer", out var inner) ? inner : answer;
        if (AnswerType is null || Type.GetType(AnswerType) is not { } type)
            return value;
        if (type == typeof(string))
            return value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText();
        if (type == typeof(bool) && value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            return Verdict.Read(value).IsApproved;
        // Text may be JSON too: clients without data parts write 42.
        return value.ValueKind == JsonValueKind.String && type.IsPrimitive
            ? JsonSerializer.Deserialize(value.GetString()!, type, ChatJson.Options)
            : value.Deserialize(type, ChatJson.Options);
    }
}
