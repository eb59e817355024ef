using System.Text;
using System.Text.Json;
using ServerlessA2A.Protocol.Signatures;

namespace ServerlessA2A.Functions.Inspector.Cards;

/// <summary>What the inspector says about a card.</summary>
/// <param name="Versions">The versions whose members the card has.</param>
/// <param name="Findings">What was found, the gravest first.</param>
/// <param name="Signature">The result of verifying its signatures; null for a card without signatures.</param>
internal sealed record CardReview(
    IReadOnlyList<string> Versions, IReadOnlyList<CardFinding> Findings, AgentCardVerification? Signature)
{
    /// <summary>Reviews a card.</summary>
    public static CardReview Of(ReceivedCard received)
    {
        JsonDocument json;
        try
        {
            json = JsonDocument.Parse(received.Text);
        }
        catch (JsonException broken)
        {
            return new([], [new(Severity.Error, "", "", $"is not JSON: {broken.Message}")], null);
        }

        using (json)
        {
            return json.RootElement.ValueKind == JsonValueKind.Object
                ? Of(received, json.RootElement)
                : new([], [new(Severity.Error, "", "", "is not a JSON object.")], null);
        }
    }

    /// <summary>Writes the members of the review's JSON.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartArray("versions");
        foreach (var version in Versions)
            json.WriteStringValue(version);
        json.WriteEndArray();
        json.WriteStartArray("findings");
        foreach (var finding in Findings)
        {
            json.WriteStartObject();
            json.WriteString("severity", finding.Severity.ToString().ToLowerInvariant());
            json.WriteString("version", finding.Version);
            json.WriteString("path", finding.Path);
            json.WriteString("text", finding.Text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (Signature is null)
            return;
        json.WriteStartObject("signature");
        json.WriteBoolean("isVerified", Signature.IsVerified);
        json.WriteString("keyId", Signature.KeyId);
        json.WriteString("reason", Signature.Reason);
        json.WriteEndObject();
    }

    private static CardReview Of(ReceivedCard received, JsonElement card)
    {
        var has0_3 = received.Version != "1.0" && (card.TryGetProperty("url", out _) || card.TryGetProperty("protocolVersion", out _));
        var has1_0 = received.Version != "0.3" && (card.TryGetProperty("supportedInterfaces", out _) || !has0_3);
        // A reader that names its version gets the members of that one, and may be strict.
        var isBlended = received.Version.Length == 0;
        var findings = new List<CardFinding>();
        if (has1_0)
            findings.AddRange(CardShape.Check("1.0", card, isBlended ? CardMembers.V0_3 : []));
        if (has0_3)
            findings.AddRange(CardShape.Check("0.3", card, isBlended ? CardMembers.V1_0 : []));
        findings.AddRange(CardClients.Check(received, card, has1_0, has0_3));

        var versions = new[] { has1_0 ? "1.0" : "", has0_3 ? "0.3" : "" }.Where(version => version.Length > 0).ToList();
        return new(versions, [.. Merge(findings).OrderBy(finding => finding.Severity)], Verify(received, card));
    }

    /// <summary>What was found for both versions alike is one finding.</summary>
    private static IEnumerable<CardFinding> Merge(IEnumerable<CardFinding> findings) =>
        from finding in findings
        group finding by (finding.Severity, finding.Path, finding.Text) into same
        select same.Select(finding => finding.Version).Distinct().Count() > 1 ? same.First() with { Version = "" } : same.First();

    private static AgentCardVerification? Verify(ReceivedCard received, JsonElement card)
    {
        if (!card.TryGetProperty("signatures", out _))
            return null;
        return received.Keys is null
            ? AgentCardVerification.Refused("The keys were not read.")
            : AgentCardSignatures.Verify(received.Bytes, Encoding.UTF8.GetBytes(received.Keys));
    }
}
