using System.Text.Json;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks.Operations;

namespace ServerlessA2A.Bindings.Operations;

/// <summary>Cancel Task (section 3.1.5).</summary>
internal sealed class CancelTask(TaskLifecycle tasks) : UnaryOperation<CancelTaskRequest, A2ATask>
{
    protected override CancelTaskRequest ReadParams(WireFormat wire, ReadOnlyMemory<byte> json) => wire.ReadCancelTask(json);

    protected override CancelTaskRequest ReadHttp(Exchange exchange)
    {
        if (!exchange.HasBody)
            return new() { Id = exchange.Route!.TaskId!, Tenant = exchange.Query.Text("tenant") };
        var request = exchange.Wire.ReadCancelTask(exchange.Json);
        return request with { Id = exchange.TaskIdOfPath("id", request.Id) };
    }

    protected override string? TenantOf(CancelTaskRequest request) => request.Tenant;

    protected override Task<A2ATask> InvokeAsync(Exchange exchange, CallContext call, CancelTaskRequest request) =>
        tasks.CancelAsync(call, request, exchange.Http.RequestAborted);

    protected override void Write(WireFormat wire, Utf8JsonWriter writer, A2ATask result) => wire.WriteTask(writer, result);
}
