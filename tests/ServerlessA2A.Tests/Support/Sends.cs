using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Operations;

namespace ServerlessA2A.Tests.Support;

/// <summary>Sends that a task answers, as all do whose agent does not reply with a message.</summary>
public static class Sends
{
    internal static async Task<A2ATask> SendTaskAsync(
        this TaskLifecycle lifecycle, CallContext call, SendMessageRequest request, CancellationToken cancellationToken) =>
        (await lifecycle.SendAsync(call, request, cancellationToken)).Task!;
}
