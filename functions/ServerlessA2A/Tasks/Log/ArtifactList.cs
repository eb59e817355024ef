using System.Text;
using ServerlessA2A.Protocol.Messages;

namespace ServerlessA2A.Tasks.Log;

/// <summary>
/// A task's artifacts while they grow. Text that is appended to text becomes one part, so that polling and streaming clients see the same
/// artifact. Takes time proportional to the length.
/// </summary>
internal sealed class ArtifactList(IReadOnlyList<Artifact>? artifacts)
{
    private readonly List<Growing> _artifacts = [.. (artifacts ?? []).Select(artifact => new Growing(artifact))];

    /// <summary>Adds, replaces or extends an artifact. An append to a missing artifact creates it.</summary>
    public void Add(ArtifactUpdated update)
    {
        var index = _artifacts.FindIndex(artifact => artifact.Id == update.Artifact.ArtifactId);
        if (index < 0)
            _artifacts.Add(new Growing(update.Artifact));
        else if (update.Append)
            _artifacts[index].Append(update.Artifact);
        else
            _artifacts[index] = new Growing(update.Artifact);
    }

    /// <summary>Removes an artifact; a missing one is no error.</summary>
    public void Remove(string artifactId) => _artifacts.RemoveAll(artifact => artifact.Id == artifactId);

    /// <summary>The artifacts as they stand, in the order of first appearance.</summary>
    public IReadOnlyList<Artifact> ToList() => _artifacts.ConvertAll(artifact => artifact.ToArtifact());

    /// <summary>Whether a part that is appended continues the text before it.</summary>
    public static bool Continues(Part part, Part before) => IsPlainText(part) && IsPlainText(before) && part.MediaType == before.MediaType;

    private static bool IsPlainText(Part part) => part is { Text: not null, Metadata: null, Filename: null };

    private sealed class Growing(Artifact artifact)
    {
        private Artifact _artifact = artifact;
        private List<Part>? _parts;
        private StringBuilder? _text;

        public string Id => _artifact.ArtifactId;

        public void Append(Artifact chunk)
        {
            _parts ??= [.. _artifact.Parts];
            for (var i = 0; i < chunk.Parts.Count; i++)
            {
                var part = chunk.Parts[i];
                // Only the first part continues what is there: the others are parts of their own.
                if (i == 0 && _parts.Count > 0 && Continues(part, _parts[^1]))
                    (_text ??= new StringBuilder(_parts[^1].Text)).Append(part.Text);
                else
                    Next(part);
            }

            _artifact = _artifact with
            {
                Name = chunk.Name ?? _artifact.Name,
                Description = chunk.Description ?? _artifact.Description,
                Metadata = JsonObjects.Merge(_artifact.Metadata, chunk.Metadata),
                Extensions = chunk.Extensions ?? _artifact.Extensions,
            };
        }

        public Artifact ToArtifact()
        {
            if (_parts is null)
                return _artifact;
            CloseText();
            return _artifact with { Parts = [.. _parts] };
        }

        private void Next(Part part)
        {
            CloseText();
            _parts!.Add(part);
        }

        private void CloseText()
        {
            if (_text is null)
                return;
            _parts![^1] = _parts[^1].WithText(_text.ToString());
            _text = null;
        }

    }
}
