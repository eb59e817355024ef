using ServerlessA2A.Bindings.Http;
using ServerlessA2A.Bindings.Streams;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Operations;

namespace ServerlessA2A.Bindings.Operations;

/// <summary>Send Streaming Message (section 3.1.2).</summary>
internal sealed class SendStreamingMessage(TaskLifecycle tasks, EventStreams streams) : StreamOperation<SendMessageRequest>(streams)
{
    protected override string? TenantOf(SendMessageRequest request) => request.Tenant;

    protected override IAsyncEnumerable<StreamItem> Open(
        Exchange exchange, CallContext call, SendMessageRequest request, long? lastEventId) =>
        tasks.SendStreamingAsync(call, request, lastEventId, exchange.Aborted);
}
