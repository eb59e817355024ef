using ServerlessA2A.Protocol;

namespace ServerlessA2A.Bindings.Cards;

/// <summary>Writes a card as it is sent.</summary>
internal static class CardDocument
{
    /// <summary>Writes a card in a form.</summary>
    public static PublicDocument Write(AgentCard card, CardForm form)
    {
        using var buffer = JsonBuffer.Rent();
        if (form == CardForm.Blended)
            WireFormat.WriteBlendedCard(buffer.Json, card);
        else
            (form == CardForm.V1_0 ? WireFormat.V1 : WireFormat.V0_3JsonRpc).WriteCard(buffer.Json, card);
        buffer.Json.Flush();
        return new PublicDocument(buffer.Written.ToArray(), MediaType.Json);
    }
}
