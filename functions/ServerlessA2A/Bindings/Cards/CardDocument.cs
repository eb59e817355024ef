using System.Text;
using System.Text.Json;
using ServerlessA2A.Bindings.Http;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Cards;

namespace ServerlessA2A.Bindings.Cards;

/// <summary>Writes cards.</summary>
internal static class CardDocument
{
    /// <summary>Writes a card in a form, signed.</summary>
    public static PublicDocument Write(AgentCard card, CardForm form, CardSigner signer)
    {
        Action<Utf8JsonWriter, AgentCard> write = form switch
        {
            CardForm.Blended => WireFormat.WriteBlendedCard,
            CardForm.V1_0 => WireFormat.V1.WriteCard,
            _ => WireFormat.V0_3JsonRpc.WriteCard,
        };
        var (signed, unsigned) = Sign(card, write, signer);
        // Two signatures of ES256 over the same card differ. The tag covers the content and the signature's header, which are the same on
        // every instance.
        byte[] tagged = [.. unsigned, .. Encoding.UTF8.GetBytes(signed.Signatures is [{ } first, ..] ? first.Protected : "")];
        return new PublicDocument(Write(signed, write), MediaType.Json, tagged);
    }

    /// <summary>Signs a card for one way to write it.</summary>
    public static (AgentCard Signed, byte[] Unsigned) Sign(AgentCard card, Action<Utf8JsonWriter, AgentCard> write, CardSigner signer)
    {
        var unsigned = Write(card, write);
        return (signer.Sign(card, unsigned), unsigned);
    }

    private static byte[] Write(AgentCard card, Action<Utf8JsonWriter, AgentCard> write)
    {
        using var buffer = JsonBuffer.Rent();
        write(buffer.Json, card);
        buffer.Json.Flush();
        return buffer.Written.ToArray();
    }
}
