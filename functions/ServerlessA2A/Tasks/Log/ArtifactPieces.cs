using ServerlessA2A.Protocol.Messages;

namespace ServerlessA2A.Tasks.Log;

/// <summary>
/// Cuts artifacts into updates small enough for every published client to read as one line of an event stream: some drop a line
/// above 64 KB, others break off. Only text without a filename and metadata is cut inside a part; everything else is indivisible.
/// </summary>
/// <remarks>Appended text folds back into one part (decision 2), so a poll reads what the agent yielded.</remarks>
internal static class ArtifactPieces
{
    /// <summary>The content of one piece, in bytes of JSON. Leaves room within 32 KB for ids and the envelope.</summary>
    public const int MaxSize = 24 * 1024;

    /// <summary>The names and the punctuation of a part.</summary>
    private const int Frame = 64;

    /// <summary>What one UTF-16 unit beyond ASCII takes at most, as an escape.</summary>
    private const int LongestUnit = 6;

    /// <summary>The update itself where it is small enough; otherwise updates that fold to the same artifact.</summary>
    public static IEnumerable<ArtifactUpdated> Cut(ArtifactUpdated update)
    {
        if (SizeOf(update.Artifact.Parts) <= MaxSize)
            return [update];
        var groups = Group(update.Artifact.Parts);
        if (groups.Count == 1)
            return [update];
        return groups.Select((parts, index) => index == 0
            ? update with { Artifact = update.Artifact with { Parts = parts }, LastChunk = false }
            : new ArtifactUpdated
            {
                Artifact = new Artifact { ArtifactId = update.Artifact.ArtifactId, Parts = parts },
                Append = true,
                LastChunk = update.LastChunk && index == groups.Count - 1,
            });
    }

    /// <summary>The size of parts.</summary>
    public static long SizeOf(IReadOnlyList<Part> parts)
    {
        var size = 0L;
        for (var i = 0; i < parts.Count; i++)
            size += SizeOf(parts[i]);
        return size;
    }

    /// <summary>The size of a part, or more: text counts as its longest JSON, and names and punctuation as <see cref="Frame"/>.</summary>
    public static long SizeOf(Part part) =>
        Frame + (part.Text is { } text ? SizeOf(text) : 0) + (part.Raw is { } raw ? raw.Length * 4L / 3 : 0)
        + ContentSize.Of(part.Data) + ContentSize.Of(part.Metadata) + SizeOf(part.Url) + SizeOf(part.Filename) + SizeOf(part.MediaType);

    /// <summary>
    /// The parts, in order, in groups of at most <see cref="MaxSize"/>; a part that is larger and indivisible is a group of its own.
    /// </summary>
    private static List<IReadOnlyList<Part>> Group(IReadOnlyList<Part> parts)
    {
        var groups = new List<IReadOnlyList<Part>>();
        var group = new List<Part>();
        var room = (long)MaxSize;
        foreach (var (piece, isBegin) in parts.SelectMany(Split))
        {
            var size = SizeOf(piece);
            if (size > room && group.Count > 0)
            {
                var before = group[^1];
                groups.Add(group);
                (group, room) = ([], MaxSize);
                // What is appended first continues the text before it. Empty text does, so that a part of its own stays one.
                if (isBegin && ArtifactList.Continues(piece, before))
                    group.Add(before.WithText(""));
            }

            group.Add(piece);
            room -= size;
        }

        groups.Add(group);
        return groups;
    }

    private static IEnumerable<(Part Piece, bool IsBegin)> Split(Part part)
    {
        if (part is not { Text: { Length: > MaxSize / LongestUnit } text, Metadata: null, Filename: null })
        {
            yield return (part, true);
            yield break;
        }

        for (var start = 0; start < text.Length;)
        {
            var end = EndOfPiece(text, start);
            yield return (part.WithText(text[start..end]), start == 0);
            start = end;
        }
    }

    private static int EndOfPiece(string text, int start)
    {
        var end = start;
        for (var size = 0; end < text.Length; end++)
        {
            size += SizeOf(text[end]);
            if (size > MaxSize)
                break;
        }

        // Half of a surrogate pair is no text.
        return end < text.Length && char.IsLowSurrogate(text[end]) && char.IsHighSurrogate(text[end - 1]) ? end - 1 : end;
    }

    /// <summary>The size of text as its longest JSON.</summary>
    public static long SizeOf(string? text)
    {
        var size = 0L;
        foreach (var unit in text ?? "")
            size += SizeOf(unit);
        return size;
    }

    private static int SizeOf(char unit) => unit switch
    {
        '"' or '\\' or '\n' or '\r' or '\t' => 2,
        >= ' ' and <= '~' => 1,
        _ => LongestUnit,
    };
}
