using System.Text.Json;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.Bindings.Operations;

/// <summary>Get Extended Agent Card (section 3.1.11).</summary>
internal sealed class GetExtendedAgentCard(AgentCards cards) : UnaryOperation<GetExtendedAgentCardRequest, AgentCard>
{
    /// <summary>The card is where a client finds out what is required.</summary>
    public override bool NeedsRequiredExtensions => false;

    // Its params hold at most a tenant, in 1.0; 0.3 has none.
    protected override GetExtendedAgentCardRequest ReadParams(WireFormat wire, ReadOnlyMemory<byte> json) =>
        ProtocolJson.Read<GetExtendedAgentCardRequest>(json);

    protected override GetExtendedAgentCardRequest ReadHttp(Exchange exchange) => new() { Tenant = exchange.Query.Text("tenant") };

    protected override string? TenantOf(GetExtendedAgentCardRequest request) => request.Tenant;

    protected override Task<AgentCard> InvokeAsync(Exchange exchange, CallContext call, GetExtendedAgentCardRequest request)
    {
        var http = exchange.Http.Request;
        var (scheme, host) = RequestAddress.Of(http);
        return Task.FromResult(cards.Extended(RequestAddress.ToUri(scheme, host, http.PathBase)));
    }

    protected override void Write(WireFormat wire, Utf8JsonWriter writer, AgentCard result) => wire.WriteCard(writer, result);
}
