using Microsoft.Extensions.Options;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Security;
using ServerlessA2A.Tasks.Callbacks;
using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.Tasks.Operations;

/// <summary>Distinguishes a retry of a message from another message with the same id.</summary>
internal sealed class DuplicateDetection(IOptions<TaskOptions> options)
{
    private readonly bool _isOn = options.Value.DetectDuplicates;

    /// <summary>
    /// The hash with which a message claims the task that it creates; null where it claims none. All anonymous callers are one owner, so
    /// the claim of an anonymous caller would expose its task to anyone who guesses the message id: only a random id claims a task for it.
    /// </summary>
    public string? HashOfClaim(Caller caller, Message message) =>
        _isOn && (!caller.IsAnonymous || IsRandom(message.MessageId)) ? MessageHash.Of(message) : null;

    /// <summary>Requires that a message is the one that made the claim.</summary>
    /// <exception cref="A2AException">InvalidParams: the content is another.</exception>
    public static void Check(Claim claim, string contentHash)
    {
        if (claim.ContentHash is not null && claim.ContentHash != contentHash)
            throw Reused();
    }

    /// <summary>Whether a message to a task is one that the task already has.</summary>
    /// <exception cref="A2AException">InvalidParams: the task has a message of that id with other content.</exception>
    public bool IsRepeat(TaskSnapshot task, Message message)
    {
        // A callback is single-use, whatever the setting for clients.
        if ((!_isOn && CallbackMessages.StateOf(message) is null) ||
            task.Task.History?.FirstOrDefault(earlier => earlier.MessageId == message.MessageId) is not { } earlier)
            return false;
        // The stored message names its task and context, whether or not the client did.
        var asStored = message with { TaskId = earlier.TaskId, ContextId = earlier.ContextId };
        return MessageHash.Of(asStored) == MessageHash.Of(earlier) ? true : throw Reused();
    }

    /// <summary>Whether the id is unguessable: a UUID of version 4 or 7 (RFC 9562), which is what the published SDKs send.</summary>
    private static bool IsRandom(string messageId) =>
        Guid.TryParse(messageId, out var id) && id is { Version: 4 or 7, Variant: >= 0b1000 and <= 0b1011 };

    private static A2AException Reused() => A2AException.InvalidParams(
        "message.messageId", "was already used for a message with different content; use a new messageId for each new message");
}
