using System.Runtime.InteropServices;
using System.Text;
using ServerlessA2A.Protocol.Messages;

namespace ServerlessA2A.Client.Streams;

/// <summary>
/// The content of an artifact, for comparison: text parts that follow each other are one, because agents differ in whether they keep the
/// chunks of a text apart.
/// </summary>
internal sealed class SeenParts
{
    private readonly List<Segment> _segments = [];

    public SeenParts(IReadOnlyList<Part> parts) => Append(parts);

    /// <summary>How one content continues another.</summary>
    public enum Relation
    {
        Same,
        Longer,
        Shorter,
        Different,
    }

    public void Append(IReadOnlyList<Part> parts)
    {
        foreach (var part in parts)
        {
            if (part.Text is not { } text) _segments.Add(new(part, null));
            else if (_segments is [.., { Text: { } builder }]) builder.Append(text);
            else _segments.Add(new(part, new(text)));
        }
    }

    /// <summary>Compares with an earlier content, and returns the parts that follow it.</summary>
    public Relation Compare(SeenParts earlier, out IReadOnlyList<Part> added)
    {
        added = [];
        if (_segments.Count < earlier._segments.Count)
            return earlier.Compare(this, out _) == Relation.Longer ? Relation.Shorter : Relation.Different;
        var more = new List<Part>();
        var isShorter = false;
        for (var i = 0; i < _segments.Count; i++)
        {
            if (i >= earlier._segments.Count)
            {
                if (isShorter) return Relation.Different;
                more.Add(_segments[i].ToPart());
                continue;
            }

            var (here, there) = (_segments[i], earlier._segments[i]);
            if (here.Text is not { } text || there.Text is not { } before)
            {
                if (here.Text is not null || there.Text is not null || !AreSame(here.Part, there.Part)) return Relation.Different;
                continue;
            }

            var (now, then) = (text.ToString(), before.ToString());
            if (now == then) continue;
            // Only the last text can have grown.
            if (i < earlier._segments.Count - 1) return Relation.Different;
            if (now.StartsWith(then, StringComparison.Ordinal)) more.Add(here.Part.WithText(now[then.Length..]));
            else if (then.StartsWith(now, StringComparison.Ordinal)) isShorter = true;
            else return Relation.Different;
        }

        added = more;
        return isShorter ? Relation.Shorter : more.Count > 0 ? Relation.Longer : Relation.Same;
    }

    /// <summary>The parts, chunks of a text joined.</summary>
    public IReadOnlyList<Part> ToParts() => _segments.ConvertAll(each => each.ToPart());

    private static bool AreSame(Part a, Part b) => a.Url == b.Url && a.Filename == b.Filename &&
        (a.Raw, b.Raw) switch
        {
            ({ } left, { } right) => left.Span.SequenceEqual(right.Span),
            (null, null) => true,
            _ => false,
        } &&
        (a.Data, b.Data) switch
        {
            ({ } left, { } right) => JsonMarshal.GetRawUtf8Value(left).SequenceEqual(JsonMarshal.GetRawUtf8Value(right)),
            (null, null) => true,
            _ => false,
        };

    private readonly record struct Segment(Part Part, StringBuilder? Text)
    {
        public Part ToPart() => Text is null ? Part : Part.WithText(Text.ToString());
    }
}
