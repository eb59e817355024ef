using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ServerlessA2A.Agents;
using ServerlessA2A.Bindings.Cards;
using ServerlessA2A.Bindings.Http;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Cards;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Security;
using ServerlessA2A.Security.Limits;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.Bindings.Operations;

/// <summary>
/// Get Extended Agent Card (section 3.1.11). It is signed as the public one is (section 8.4), for the one form that this request gets it
/// in.
/// </summary>
internal sealed class GetExtendedAgentCard(Admission admission, SigningKeys keys) : UnaryOperation<GetExtendedAgentCardRequest, AgentCard>
{
    /// <summary>Clients read the required extensions from the card.</summary>
    public override bool NeedsRequiredExtensions => false;

    protected override string? TenantOf(GetExtendedAgentCardRequest request) => request.Tenant;

    protected override Task<AgentCard> InvokeAsync(Exchange exchange, CallContext call, GetExtendedAgentCardRequest request) =>
        Task.FromResult(CardFor(exchange.Agent.Cards, call.Caller, exchange.Wire, exchange.Http, exchange.IsGrpc));

    /// <summary>The card of an agent for a caller.</summary>
    /// <exception cref="A2AException">
    /// Unauthenticated for an anonymous caller; and those of <see cref="AgentCards.Extended"/>.
    /// </exception>
    internal AgentCard CardFor(AgentCards cards, Caller caller, WireFormat wire, HttpContext context, bool isGrpc = false)
    {
        if (cards.ExtendedCard && caller.IsAnonymous)
            throw admission.RefuseAnonymous(context, "The extended card is for authenticated callers only.");
        var (scheme, host) = RequestAddress.Of(context.Request);
        var card = admission.Declare(cards.Extended(RequestAddress.ToUri(scheme, host, context.Request.PathBase)), cards.Skills.Of);
        // The address of the call is known to serve gRPC only. Those of the other bindings are not known.
        if (isGrpc && !cards.HasAddress && card.SupportedInterfaces.Where(each => each.ProtocolBinding == "GRPC").ToList() is [_, ..] own)
            card = card with { SupportedInterfaces = own };
        return CardDocument.Sign(card, wire.WriteCard, new CardSigner(keys, cards)).Signed;
    }

    protected override void Write(WireFormat wire, Utf8JsonWriter writer, AgentCard result) => wire.WriteCard(writer, result);
}
