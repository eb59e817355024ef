using System.Text.Json;
using Microsoft.Extensions.AI;
using ServerlessA2A.Chat.Contents;
using ServerlessA2A.Chat.Conversations;

namespace ServerlessA2A.Chat.Tests.Conversations;

/// <summary>Messages as text, content by content: a difference can be read.</summary>
internal static class Described
{
    public static string Of(IEnumerable<ChatMessage> messages) => string.Join('\n', messages.Select(Of));

    /// <summary>All that a conversation is.</summary>
    public static string Of(Conversation conversation) => string.Join('\n',
        Of(conversation.Messages),
        $"open {string.Join(", ", conversation.OpenCalls().Select(call => $"{call.CallId}={conversation.AnswerTo(call.CallId) ?? "-"}"))}",
        $"usage {conversation.Usage}",
        $"sources {conversation.Sources.ToJson()?.ToJsonString() ?? "-"}",
        $"turns {conversation.Turns}, questions {conversation.Questions}, breaks off {conversation.BreaksOff}");

    private static string Of(ChatMessage message) =>
        $"{message.Role.Value}{(message.MessageId is null ? "" : $" {message.MessageId}")}: " +
        $"{string.Join(" | ", message.Contents.Select(Of))}";

    private static string Of(AIContent content)
    {
        var text = content switch
        {
            TextContent said => said.Text,
            DataContent data => $"[{data.MediaType} {Convert.ToHexString(data.Data.Span)}]",
            UriContent uri => $"[{uri.MediaType} {uri.Uri.OriginalString}]",
            FunctionCallContent call => $"{call.CallId} {call.Name}({Json(call.Arguments ?? new Dictionary<string, object?>())})",
            FunctionResultContent result => $"{result.CallId}={Json(result.Result)}",
            _ => content.GetType().Name,
        };
        var properties = content.AdditionalProperties?.OrderBy(property => property.Key)
            .Select(property => $"{property.Key}={property.Value}").ToList() ?? [];
        return properties.Count == 0 ? text : $"{text} <{string.Join(", ", properties)}>";
    }

    private static string Json(object? value) => JsonSerializer.Serialize(value, ChatJson.Options);
}
