using System.Text.Json;
using ServerlessA2A.Bindings.Http;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Operations;

namespace ServerlessA2A.Bindings.Operations;

/// <summary>List Tasks (section 3.1.4; in HTTP+JSON the request is the query, section 11.5).</summary>
internal sealed class ListTasks(TaskLifecycle tasks) : UnaryOperation<ListTasksRequest, ListTasksResponse>
{
    protected override string? TenantOf(ListTasksRequest request) => request.Tenant;

    protected override Task<ListTasksResponse> InvokeAsync(Exchange exchange, CallContext call, ListTasksRequest request) =>
        tasks.ListAsync(call, request, exchange.Aborted);

    protected override void Write(WireFormat wire, Utf8JsonWriter writer, ListTasksResponse result) => wire.WriteListTasks(writer, result);
}
