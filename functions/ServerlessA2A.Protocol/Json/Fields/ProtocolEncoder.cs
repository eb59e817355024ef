using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;

namespace ServerlessA2A.Protocol.Json.Fields;

/// <summary>
/// Escapes what JSON requires (RFC 8259, section 7), and the controls and line separators that some readers of event streams take for a
/// line end. Everything else stays UTF-8: an emoji has 4 bytes instead of the 12 that the framework's encoders write.
/// </summary>
/// <remarks>Half of a surrogate pair has no UTF-8. It is written as U+FFFD, as the framework does.</remarks>
internal sealed class ProtocolEncoder : JavaScriptEncoder
{
    private static readonly SearchValues<char> Escaped = CreateEscaped();
    private static readonly SearchValues<byte> PlainAscii = CreatePlainAscii();

    /// <summary>The length of \uXXXX.</summary>
    private const int LongestEscape = 6;

    /// <summary>The only one: it has no state.</summary>
    public static ProtocolEncoder Instance { get; } = new();

    /// <inheritdoc/>
    public override int MaxOutputCharactersPerInputCharacter => LongestEscape;

    /// <inheritdoc/>
    public override bool WillEncode(int unicodeScalar) => IsEscaped(unicodeScalar);

    /// <inheritdoc/>
    public override unsafe int FindFirstCharacterToEncode(char* text, int textLength) =>
        IndexOfEscaped(new ReadOnlySpan<char>(text, textLength));

    /// <inheritdoc/>
    public override int FindFirstCharacterToEncodeUtf8(ReadOnlySpan<byte> utf8Text)
    {
        var plain = utf8Text.IndexOfAnyExcept(PlainAscii);
        if (plain < 0)
            return -1;
        var next = base.FindFirstCharacterToEncodeUtf8(utf8Text[plain..]);
        return next < 0 ? -1 : plain + next;
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Copies whole runs: a model's text has a line end in each paragraph, after which the inherited loop would continue letter by letter.
    /// </remarks>
    public override OperationStatus Encode(
        ReadOnlySpan<char> source, Span<char> destination, out int charsConsumed, out int charsWritten, bool isFinalBlock = true)
    {
        (charsConsumed, charsWritten) = (0, 0);
        while (true)
        {
            var rest = source[charsConsumed..];
            var escaped = IndexOfEscaped(rest);
            var run = escaped < 0 ? rest : rest[..escaped];
            var isWhole = run.TryCopyTo(destination[charsWritten..]);
            if (isWhole)
            {
                charsConsumed += run.Length;
                charsWritten += run.Length;
                if (escaped < 0)
                    return OperationStatus.Done;
                rest = rest[escaped..];
            }

            // The inherited loop handles the end of a buffer, which may be in the middle of a pair.
            var isOneEscape = isWhole && !char.IsSurrogate(rest[0]);
            var status = base.Encode(
                isOneEscape ? rest[..1] : rest, destination[charsWritten..], out var consumed, out var written, isFinalBlock);
            charsConsumed += consumed;
            charsWritten += written;
            if (!isOneEscape || status != OperationStatus.Done)
                return status;
        }
    }

    /// <inheritdoc/>
    public override unsafe bool TryEncodeUnicodeScalar(
        int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten)
    {
        var output = new Span<char>(buffer, bufferLength);
        // U+FFFD, in the place of half of a pair.
        if (!IsEscaped(unicodeScalar))
            return new Rune(unicodeScalar).TryEncodeToUtf16(output, out numberOfCharactersWritten);
        var letter = unicodeScalar switch
        {
            '"' => '"',
            '\\' => '\\',
            '\b' => 'b',
            '\f' => 'f',
            '\n' => 'n',
            '\r' => 'r',
            '\t' => 't',
            _ => 'u',
        };
        numberOfCharactersWritten = letter == 'u' ? LongestEscape : 2;
        if (numberOfCharactersWritten > output.Length)
        {
            numberOfCharactersWritten = 0;
            return false;
        }

        (output[0], output[1]) = ('\\', letter);
        return letter != 'u' || unicodeScalar.TryFormat(output[2..], out _, "X4", CultureInfo.InvariantCulture);
    }

    private static int IndexOfEscaped(ReadOnlySpan<char> text)
    {
        var escaped = text.IndexOfAny(Escaped);
        var half = IndexOfHalfPair(escaped < 0 ? text : text[..escaped]);
        return half < 0 ? escaped : half;
    }

    private static int IndexOfHalfPair(ReadOnlySpan<char> text)
    {
        for (var from = 0; ; from += 2)
        {
            var next = text[from..].IndexOfAnyInRange('\ud800', '\udfff');
            if (next < 0)
                return -1;
            from += next;
            if (from + 1 >= text.Length || !char.IsSurrogatePair(text[from], text[from + 1]))
                return from;
        }
    }

    /// <summary>C0 and C1 controls, quotes, backslashes, and the line separators of Unicode.</summary>
    private static bool IsEscaped(int scalar) => scalar is < ' ' or '"' or '\\' or (>= 0x7f and <= 0x9f) or 0x2028 or 0x2029;

    // By loops: sequences of char and byte would be compiled at each start.
    private static SearchValues<char> CreateEscaped()
    {
        Span<char> letters = stackalloc char[128];
        var count = 0;
        for (var letter = '\0'; letter <= '\u2029'; letter++)
        {
            if (IsEscaped(letter))
                letters[count++] = letter;
        }

        return SearchValues.Create(letters[..count]);
    }

    private static SearchValues<byte> CreatePlainAscii()
    {
        Span<byte> letters = stackalloc byte[128];
        var count = 0;
        for (var letter = (byte)' '; letter <= '~'; letter++)
        {
            if (!IsEscaped(letter))
                letters[count++] = letter;
        }

        return SearchValues.Create(letters[..count]);
    }
}
