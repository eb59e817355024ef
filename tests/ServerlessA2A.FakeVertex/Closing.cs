using Google.Cloud.AIPlatform.V1;
using ServerlessA2A.FakeVertex.Steps;
using static Google.Cloud.AIPlatform.V1.Candidate.Types;
using static Google.Cloud.AIPlatform.V1.GenerateContentResponse.Types;

namespace ServerlessA2A.FakeVertex;

/// <summary>What the last message of a turn says besides: why it is the last, what it took, what it rests on.</summary>
internal sealed record Closing
{
    /// <summary>Null where the turn does not say.</summary>
    public FinishReason? Reason { get; init; }

    public string? Message { get; init; }

    public UsageMetadata? Usage { get; init; }

    public GroundingMetadata? Grounding { get; init; }

    /// <summary>The last message, completed. One without a candidate, that of a prompt that was blocked, stays without.</summary>
    public GenerateContentResponse With(GenerateContentResponse last)
    {
        var response = last.Clone();
        foreach (var candidate in response.Candidates)
            Complete(candidate, Reason ?? FinishReason.Stop);
        if (Usage is not null)
            response.UsageMetadata = Usage.Clone();
        return response;
    }

    /// <summary>A message of its own, where the last step was none; null where there is nothing to say.</summary>
    public GenerateContentResponse? After(Step? last)
    {
        var reason = Reason ?? (last is null or { Finishes: true } ? FinishReason.Stop : FinishReason.Unspecified);
        if (reason == FinishReason.Unspecified && Usage is null && Grounding is null)
            return null;
        var candidate = new Candidate { Content = new() { Role = "model" } };
        Complete(candidate, reason);
        return new() { Candidates = { candidate }, UsageMetadata = Usage?.Clone() };
    }

    private void Complete(Candidate candidate, FinishReason reason)
    {
        candidate.FinishReason = reason;
        if (Message is not null)
            candidate.FinishMessage = Message;
        if (Grounding is not null)
            candidate.GroundingMetadata = Grounding.Clone();
    }
}
