using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Json.Fields;

namespace ServerlessA2A.Protocol.Messages;

/// <summary>The rules for a client's message.</summary>
/// <remarks>A2A 1.0, sections 4.1.4 and 4.1.6.</remarks>
internal static class MessageRules
{
    public static void Check(Message message, ref Violations violations)
    {
        violations.Id("message.messageId", message.MessageId);
        violations.OptionalId("message.contextId", message.ContextId);
        violations.OptionalId("message.taskId", message.TaskId);
        if (message.Role is not (Role.User or Role.Agent)) violations.Add("message.role", "must be ROLE_USER or ROLE_AGENT");
        CheckParts(message.Parts, ref violations);
        violations.Depth("message.metadata", message.Metadata);
        violations.Items("message.extensions", message.Extensions);
        violations.Items("message.referenceTaskIds", message.ReferenceTaskIds);
    }

    private static void CheckParts(IReadOnlyList<Part>? parts, ref Violations violations)
    {
        if (parts is not { Count: > 0 })
        {
            violations.Add("message.parts", "must contain at least one part");
            return;
        }

        for (var i = 0; i < parts.Count; i++)
        {
            if (Fault(parts[i]) is { } fault) violations.Add($"message.parts[{i}]", fault);
            if (Nesting.IsTooDeep(parts[i]?.Data)) violations.Add($"message.parts[{i}].data", Nesting.TooDeep);
            if (Nesting.IsTooDeep(parts[i]?.Metadata)) violations.Add($"message.parts[{i}].metadata", Nesting.TooDeep);
        }
    }

    private static string? Fault(Part? part)
    {
        if (part is null) return "must not be null";
        return part.Url is "" ? "must have an address in url" : null;
    }
}
