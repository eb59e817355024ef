using System.Buffers.Text;
using System.Security.Cryptography;
using ServerlessA2A.Protocol;

namespace ServerlessA2A.Bindings.Cards;

/// <summary>A card as it is sent.</summary>
internal sealed class CardDocument
{
    private const int TagBytes = 16;

    private CardDocument(byte[] json)
    {
        Json = json;
        ETag = $"\"{Base64Url.EncodeToString(SHA256.HashData(json).AsSpan(0, TagBytes))}\"";
    }

    /// <summary>The JSON.</summary>
    public ReadOnlyMemory<byte> Json { get; }

    /// <summary>A strong entity tag, quotes and all: the same on every instance that would send the same bytes.</summary>
    public string ETag { get; }

    /// <summary>Writes a card in a form.</summary>
    public static CardDocument Write(AgentCard card, CardForm form)
    {
        using var buffer = JsonBuffer.Rent();
        if (form == CardForm.Blended)
            WireFormat.WriteBlendedCard(buffer.Json, card);
        else
            (form == CardForm.V1_0 ? WireFormat.V1 : WireFormat.V0_3JsonRpc).WriteCard(buffer.Json, card);
        buffer.Json.Flush();
        return new CardDocument(buffer.Written.ToArray());
    }
}
