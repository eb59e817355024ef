using ServerlessA2A.Bindings.Streams;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks.Operations;

namespace ServerlessA2A.Bindings.Operations;

/// <summary>Subscribe to Task (section 3.1.6).</summary>
internal sealed class SubscribeToTask(TaskLifecycle tasks, EventStreams streams) : StreamOperation<SubscribeToTaskRequest>(streams)
{
    protected override SubscribeToTaskRequest ReadParams(WireFormat wire, ReadOnlyMemory<byte> json) => wire.ReadSubscribeToTask(json);

    protected override SubscribeToTaskRequest ReadHttp(Exchange exchange)
    {
        if (!exchange.HasBody)
            return new() { Id = exchange.Route!.TaskId!, Tenant = exchange.Query.Text("tenant") };
        var request = exchange.Wire.ReadSubscribeToTask(exchange.Json);
        return request with { Id = exchange.TaskIdOfPath("id", request.Id) };
    }

    protected override string? TenantOf(SubscribeToTaskRequest request) => request.Tenant;

    protected override IAsyncEnumerable<StreamItem> Open(Exchange exchange, CallContext call, SubscribeToTaskRequest request, long? lastEventId) =>
        tasks.SubscribeAsync(call, request, lastEventId, exchange.Http.RequestAborted);
}
