using System.Text.Json;
using ServerlessA2A.Bindings.Http;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Operations;

namespace ServerlessA2A.Bindings.Operations;

/// <summary>Cancel Task (section 3.1.5).</summary>
internal sealed class CancelTask(TaskLifecycle tasks) : UnaryOperation<CancelTaskRequest, A2ATask>
{
    protected override string? TenantOf(CancelTaskRequest request) => request.Tenant;

    protected override Task<A2ATask> InvokeAsync(Exchange exchange, CallContext call, CancelTaskRequest request) =>
        tasks.CancelAsync(call, request, exchange.Aborted);

    protected override void Write(WireFormat wire, Utf8JsonWriter writer, A2ATask result) => wire.WriteTask(writer, result);
}
