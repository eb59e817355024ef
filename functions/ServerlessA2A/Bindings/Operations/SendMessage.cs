using System.Text.Json;
using ServerlessA2A.Bindings.Http;
using ServerlessA2A.Bindings.Streams;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Operations;

namespace ServerlessA2A.Bindings.Operations;

/// <summary>Send Message (section 3.1.1).</summary>
internal sealed class SendMessage(TaskLifecycle tasks, EventStreams streams) : UnaryOperation<SendMessageRequest, SendMessageResponse>
{
    protected override string? TenantOf(SendMessageRequest request) => request.Tenant;

    protected override async Task<SendMessageResponse> InvokeAsync(Exchange exchange, CallContext call, SendMessageRequest request)
    {
        if (request.Configuration?.ReturnImmediately == true)
            return await tasks.SendAsync(call, request, exchange.Aborted);

        using var place = streams.Open(exchange);
        using var timeUp = streams.Time.Start();
        return await tasks.SendAsync(streams.Time.Limit(call, timeUp), request, exchange.Aborted);
    }

    protected override void Write(WireFormat wire, Utf8JsonWriter writer, SendMessageResponse result) =>
        wire.WriteSendMessageResponse(writer, result);
}
