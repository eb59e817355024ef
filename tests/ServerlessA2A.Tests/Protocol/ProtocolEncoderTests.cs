using System.Buffers;
using System.Text;
using System.Text.Json;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Json.Fields;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Signatures;
using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.Tests.Protocol;

/// <summary>What is escaped in the protocol's JSON, and what is not.</summary>
public class ProtocolEncoderTests
{
    [Theory]
    [InlineData("plain text")]
    [InlineData("größe 尺寸 é")]
    [InlineData("🙂👩‍👩‍👧 𝒳 \U0010ffff")]
    [InlineData("<script>'1' + `2` & 3 = 4/5</script>")]
    [InlineData("\u00a0\u3000\u202f\ufeff\ue000\uffff")]
    public void WhatJsonDoesNotEscapeStaysAsItIs(string text) => Assert.Equal($"\"{text}\"", Write(text));

    [Theory]
    [InlineData("\"", "\\\"")]
    [InlineData("\\", "\\\\")]
    [InlineData("\b\t\n\f\r", "\\b\\t\\n\\f\\r")]
    [InlineData("\0\u001f", "\\u0000\\u001F")]
    [InlineData("a\u007f\u0085\u009f", "a\\u007F\\u0085\\u009F")]
    [InlineData("🙂\u2028🙂\u2029🙂", "🙂\\u2028🙂\\u2029🙂")]
    [InlineData("one\n\n🙂 two\n", "one\\n\\n🙂 two\\n")]
    public void WhatEndsALineOrAStringForSomeReaderIsEscaped(string text, string expected)
    {
        Assert.Equal($"\"{expected}\"", Write(text));
        Assert.Equal($"\"{expected}\"", WriteUtf8(text));
    }

    /// <summary>
    /// Python's splitlines, which older readers of event streams there use, knows more ends of lines than the standard of event streams.
    /// </summary>
    [Fact]
    public void NoCharacterIsWrittenThatEndsALineForAnyone()
    {
        var written = Write(new string([.. Enumerable.Range(0, char.MaxValue).Select(value => (char)value)]));

        Assert.Empty(written.Intersect("\n\v\f\r\u001c\u001d\u001e\u0085\u2028\u2029"));
    }

    [Fact]
    public void HalfOfASurrogatePairBecomesTheReplacementCharacter()
    {
        // Not in attributes, which are UTF-8 themselves.
        string[] texts =
        [
            "\ud83d", "\ude42", "a\ud83d", "\ud83db", "\ude42\ud83d", "\ud83d\n\ude42", "🙂\ud83d\ud83d\ude42\ude42🙂", "\ud83d\"",
        ];
        foreach (var text in texts)
        {
            var expected = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
            Assert.NotEqual(text, expected);

            Assert.Equal(expected, JsonDocument.Parse(Write(text)).RootElement.GetString());
        }
    }

    [Fact]
    public void AnyTextIsReadAsItWasWritten()
    {
        var random = new Random(14);
        string[] pieces = ["a", "bc ", "\n", "\"", "\\", "é", "尺", "🙂", "\u2028", "\u0001", "<", "\ud83d", "\ude42"];
        for (var i = 0; i < 5000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => pieces[random.Next(pieces.Length)]));
            var valid = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

            Assert.Equal(valid, JsonDocument.Parse(Write(text)).RootElement.GetString());
            Assert.Equal(Write(valid), WriteUtf8(valid));
            Assert.Equal($"{{{Write(valid)}:0}}", Wire.Write(writer =>
            {
                writer.WriteStartObject();
                writer.WriteNumber(valid, 0);
                writer.WriteEndObject();
            }));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    public void ATextInSegmentsIsTheSameText(int size)
    {
        const string Text = "one 🙂🙂\ntwo \"尺寸\" 👩‍👩‍👧\u2028 end 🙂";

        Assert.Equal(Write(Text), Wire.Write(writer =>
        {
            for (var from = 0; from < Text.Length; from += size)
                writer.WriteStringValueSegment(
                    Text.AsSpan(from, Math.Min(size, Text.Length - from)), isFinalSegment: from + size >= Text.Length);
        }));
    }

    [Fact]
    public void ATextThatDoesNotFitIsEncodedPieceByPiece()
    {
        const string Text = "ab\n🙂\"cd\u2028ef🙂\ud83d";
        var whole = new StringBuilder();
        Span<char> few = stackalloc char[6];
        var rest = Text.AsSpan();
        while (!rest.IsEmpty)
        {
            var status = ProtocolEncoder.Instance.Encode(rest, few, out var consumed, out var written);
            Assert.True(consumed > 0);
            Assert.Equal(consumed == rest.Length ? OperationStatus.Done : OperationStatus.DestinationTooSmall, status);
            whole.Append(few[..written]);
            rest = rest[consumed..];
        }

        Assert.Equal("ab\\n🙂\\\"cd\\u2028ef🙂\ufffd", whole.ToString());
    }

    [Fact]
    public void AnEmojiIsFourBytesInEveryVersion()
    {
        var task = new A2ATask
        {
            Id = "t",
            ContextId = "c",
            Status = new() { State = TaskState.Completed, Timestamp = DateTimeOffset.UnixEpoch },
            Artifacts = [new() { ArtifactId = "a", Parts = [Part.FromText("🙂")] }],
        };

        foreach (var format in new[] { WireFormat.V1, WireFormat.V0_3JsonRpc, WireFormat.V0_3Http })
            Assert.Contains("\"text\":\"🙂\"", Wire.Write(writer => format.WriteTask(writer, task)), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsSignedDoesNotDependOnHowItIsEscaped()
    {
        const string Text = "🙂 <größe> \u2028 + '尺寸' \n";
        using var escaped = JsonDocument.Parse($"{{\"description\":{JsonSerializer.Serialize(Text)}}}");
        using var written = JsonDocument.Parse($"{{\"description\":{Write(Text)}}}");

        Assert.Equal(CanonicalJson.Write(escaped.RootElement), CanonicalJson.Write(written.RootElement));
    }

    private static string Write(string text) => Wire.Write(writer => writer.WriteStringValue(text));

    private static string WriteUtf8(string text) => Wire.Write(writer => writer.WriteStringValue(Encoding.UTF8.GetBytes(text)));
}
