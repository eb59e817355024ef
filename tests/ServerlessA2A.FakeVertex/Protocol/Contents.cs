using Google.Cloud.AIPlatform.V1;

namespace ServerlessA2A.FakeVertex.Protocol;

/// <summary>Messages of the model, put together from parts.</summary>
internal static class Contents
{
    public static GenerateContentResponse Of(Part part) =>
        new() { Candidates = { new Candidate { Content = new() { Role = "model", Parts = { part } } } } };

    public static GenerateContentResponse With(GenerateContentResponse response, Part further)
    {
        var changed = response.Clone();
        changed.Candidates[0].Content.Parts.Add(further);
        return changed;
    }

    public static GenerateContentResponse WithLast(GenerateContentResponse response, Func<Part, Part> change)
    {
        var changed = response.Clone();
        var parts = changed.Candidates[0].Content.Parts;
        parts[^1] = change(parts[^1]);
        return changed;
    }

    /// <summary>All messages of an answer as the one that it is without streaming.</summary>
    public static GenerateContentResponse Joined(IReadOnlyList<GenerateContentResponse> messages)
    {
        var joined = messages[0].Clone();
        foreach (var message in messages.Skip(1))
        {
            var next = message.Clone();
            if (joined.Candidates.Count > 0 && next.Candidates.Count > 0)
            {
                joined.Candidates[0].MergeFrom(next.Candidates[0]);
                next.Candidates.RemoveAt(0);
            }
            joined.MergeFrom(next);
        }
        return joined;
    }
}
