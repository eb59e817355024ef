using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.Tasks.Operations;

/// <summary>A stream to a client that may be answered with a message instead of a task: the message is then the only event.</summary>
internal static class HeldStream
{
    /// <summary>
    /// The same items, held back until one carries more than the WORKING state. If that one is a message instead of the task, it is the
    /// only one; if the stream ends first, the held items are sent.
    /// </summary>
    public static async IAsyncEnumerable<StreamItem> HoldAsync(IAsyncEnumerable<StreamItem> items)
    {
        var held = new List<StreamItem>();
        var holds = true;
        await foreach (var item in items)
        {
            if (holds && item.Reply is { } reply)
            {
                yield return item with { Response = new StreamResponse { Message = reply }, IsFinal = true };
                yield break;
            }

            held.Add(item);
            holds = holds && TellsNothing(item);
            if (holds)
                continue;
            foreach (var each in held)
                yield return each;
            held.Clear();
        }

        foreach (var item in held)
            yield return item;
    }

    /// <summary>Whether the item carries nothing but the SUBMITTED or WORKING state.</summary>
    private static bool TellsNothing(StreamItem item)
    {
        var status = item.Response.StatusUpdate?.Status ?? item.Response.Task?.Status;
        return status is { State: TaskState.Submitted or TaskState.Working, Message: null };
    }
}
