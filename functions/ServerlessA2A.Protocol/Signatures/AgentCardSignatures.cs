using System.Text.Json;
using ServerlessA2A.Protocol.Keys;

namespace ServerlessA2A.Protocol.Signatures;

/// <summary>Verifies the signatures of agent cards, for clients (A2A 1.0, section 8.4.3).</summary>
public static class AgentCardSignatures
{
    /// <summary>Verifies a card as received: one signature must be valid, made with a trusted key, and cover the whole card.</summary>
    /// <remarks>
    /// Nothing is fetched, in particular not the <c>jku</c> of a signature: if a card could choose where its keys come from, anyone could
    /// sign it. Get the key set once, from an address that you trust, and keep it; for agents of this library that is
    /// <c>/.well-known/jwks.json</c> beside the card. ES256 and RS256 are supported. The signed text is the card's JSON without
    /// <c>signatures</c> in the canonical form of RFC 8785. A signature over a part of the card, such as its members of one version, is not
    /// sufficient.
    /// </remarks>
    /// <param name="cardJson">The card, byte for byte as received.</param>
    /// <param name="keySetJson">The trusted keys: a JSON Web Key Set (RFC 7517, section 5).</param>
    public static AgentCardVerification Verify(ReadOnlyMemory<byte> cardJson, ReadOnlyMemory<byte> keySetJson)
    {
        IReadOnlyList<VerificationKey> keys;
        try
        {
            // As strict as with the card: a duplicate member could make another reader find a different key.
            using var keySet = CanonicalJson.Parse(keySetJson);
            keys = VerificationKey.ReadAll(keySet.RootElement);
        }
        catch (JsonException broken)
        {
            return AgentCardVerification.Refused($"The keys are not a JSON Web Key Set: {broken.Message}");
        }

        try
        {
            using var card = CanonicalJson.Parse(cardJson);
            return Verify(card.RootElement, keys);
        }
        catch (JsonException broken)
        {
            return AgentCardVerification.Refused($"The card has no canonical form: {broken.Message}");
        }
    }

    private static AgentCardVerification Verify(JsonElement card, IReadOnlyList<VerificationKey> keys)
    {
        if (card.ValueKind != JsonValueKind.Object || !card.TryGetProperty(CardPayload.Signatures, out var signatures) ||
            signatures.ValueKind != JsonValueKind.Array || signatures.GetArrayLength() == 0)
        {
            return AgentCardVerification.Refused("The card is not signed.");
        }

        var payload = CardPayload.Of(card);
        var refusals = new List<string>();
        foreach (var signature in signatures.EnumerateArray())
        {
            try
            {
                return AgentCardVerification.By(CardSignatureCheck.Run(signature, payload, keys), refusals.Count);
            }
            catch (CardSignatureException refused)
            {
                refusals.Add($"signatures[{refusals.Count}] {refused.Message}");
            }
        }

        return AgentCardVerification.Refused($"None of the card's signatures is valid: {string.Join("; ", refusals)}.");
    }
}
