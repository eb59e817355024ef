using System.Text.Json;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Cards;
using ServerlessA2A.Protocol.Signatures;
using ServerlessA2A.Security;

namespace ServerlessA2A.Bindings.Cards;

/// <summary>Signs cards (A2A 1.0, section 8.4), if there is a signing key.</summary>
/// <param name="keys">The keys, of which the first signs.</param>
/// <param name="cards">The addresses of the card and of the keys.</param>
internal sealed class CardSigner(SigningKeys keys, AgentCards cards)
{
    private static readonly IEqualityComparer<byte[]> SameBytes =
        EqualityComparer<byte[]>.Create((one, other) => one.AsSpan().SequenceEqual(other), bytes => bytes.Length);

    /// <summary>The card with its signatures, one over each text that a reader may verify.</summary>
    /// <param name="card">The card.</param>
    /// <param name="unsigned">The card as it will be sent, without the signatures.</param>
    public AgentCard Sign(AgentCard card, ReadOnlyMemory<byte> unsigned)
    {
        if (keys.Current is not { } key)
            return card;
        var header = Jws.Header(key, CardPayload.Type, KeySetUrl(card));
        return card with
        {
            Signatures =
            [
                .. Payloads(card, unsigned)
                    .Distinct(SameBytes)
                    .Select(payload => new AgentCardSignature { Protected = header, Signature = Jws.Sign(key, header, payload) }),
            ],
        };
    }

    /// <summary>
    /// The card as it is sent; and for a card with members of 1.0 those alone, for readers that ignore others, with and without empty
    /// members.
    /// </summary>
    private static IEnumerable<byte[]> Payloads(AgentCard card, ReadOnlyMemory<byte> unsigned)
    {
        using var sent = JsonDocument.Parse(unsigned);
        yield return CardPayload.Of(sent.RootElement);
        if (!sent.RootElement.TryGetProperty("supportedInterfaces", out _))
            yield break;
        using var ofV1 = JsonDocument.Parse(ProtocolJson.Write(card));
        yield return CardPayload.Of(ofV1.RootElement);
        yield return CardPayload.WithoutWhatIsEmpty(ofV1.RootElement);
    }

    /// <summary>
    /// The keys are served beside the card: where it is configured to be, or else at the agent's own address, which serves both too. Null
    /// if the card has addresses of gRPC only, which does not serve them.
    /// </summary>
    private string? KeySetUrl(AgentCard card) =>
        (cards.CardUrl ?? card.SupportedInterfaces.FirstOrDefault(each => each.ProtocolBinding != "GRPC")?.Url) is { } address
            ? WellKnownPath.KeySetBeside(address) : null;
}
