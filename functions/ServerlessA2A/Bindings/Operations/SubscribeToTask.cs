using ServerlessA2A.Bindings.Http;
using ServerlessA2A.Bindings.Streams;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Operations;

namespace ServerlessA2A.Bindings.Operations;

/// <summary>Subscribe to Task (section 3.1.6).</summary>
internal sealed class SubscribeToTask(TaskLifecycle tasks, EventStreams streams) : StreamOperation<SubscribeToTaskRequest>(streams)
{
    protected override string? TenantOf(SubscribeToTaskRequest request) => request.Tenant;

    protected override IAsyncEnumerable<StreamItem> Open(
        Exchange exchange, CallContext call, SubscribeToTaskRequest request, long? lastEventId) =>
        tasks.SubscribeAsync(call, request, lastEventId, exchange.Aborted);
}
