using FsCheck.Fluent;
using Google.Cloud.AIPlatform.V1;
using Google.Protobuf;
using ServerlessA2A.GoogleCloud.Gemini.Chat;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.GoogleCloud.Tests.Gemini.Chat;

public class NumberedFieldsTests
{
    private const int Unnamed = 1000;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(300)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public void ANumberComesBackAsItWasSet(long value)
    {
        var part = new Part { Text = "Hello." };

        NumberedFields.Set(part, Unnamed, value);

        Assert.Equal([(Unnamed, (object)value)], NumberedFields.Read(part, Unnamed));
        Assert.Equal("Hello.", part.Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("FFFE00010203")]
    public void BytesComeBackAsTheyWereSet(string hex)
    {
        var bytes = ByteString.CopyFrom(Convert.FromHexString(hex));
        var part = new Part { Text = "Hello." };

        NumberedFields.Set(part, Unnamed, bytes);

        Assert.Equal([(Unnamed, (object)bytes)], NumberedFields.Read(part, Unnamed));
        Assert.Equal("Hello.", part.Text);
    }

    [Fact]
    public void WhatIsSetIsSentAndKeptByWhoeverReadsIt()
    {
        var part = new Part { Text = "Hello." };
        NumberedFields.Set(part, Unnamed, ByteString.CopyFromUtf8("sealed"));
        var content = new Content { Role = "model", Parts = { part } };

        var received = Content.Parser.ParseFrom(content.ToByteArray()).Clone();

        Assert.Equal([(Unnamed, (object)ByteString.CopyFromUtf8("sealed"))], NumberedFields.Read(received.Parts[0], Unnamed));
        Assert.Equal(content, received);
    }

    [Fact]
    public void AFieldThatThePackageKnowsIsSetAsThatField()
    {
        var config = new GenerationConfig { Temperature = 0.5f };

        NumberedFields.Set(config, GenerationConfig.MaxOutputTokensFieldNumber, 100);

        Assert.Equal(new GenerationConfig { Temperature = 0.5f, MaxOutputTokens = 100 }, config);
    }

    [Fact]
    public void AFieldThatThePackageKnowsIsReadToo()
    {
        var config = new GenerationConfig { MaxOutputTokens = 100, StopSequences = { "END", "STOP" } };

        Assert.Equal(
            [(5, 100L), (6, ByteString.CopyFromUtf8("END")), (6, (object)ByteString.CopyFromUtf8("STOP"))],
            NumberedFields.Read(config, 5, 6));
    }

    [Fact]
    public void AFieldThatIsSetSeveralTimesHasAllItsValues()
    {
        var config = new GenerationConfig();

        NumberedFields.Set(config, Unnamed, 1);
        NumberedFields.Set(config, Unnamed, 2);
        NumberedFields.Set(config, Unnamed, 1);

        Assert.Equal([1L, 2L, (object)1L], NumberedFields.Read(config, Unnamed).Select(field => field.Value));
    }

    [Fact]
    public void OnlyWhatIsWantedIsRead()
    {
        var config = new GenerationConfig { MaxOutputTokens = 5 };
        NumberedFields.Set(config, Unnamed, 1);
        NumberedFields.Set(config, Unnamed + 1, 2);

        Assert.Equal([(Unnamed + 1, (object)2L)], NumberedFields.Read(config, Unnamed + 1, Unnamed + 2));
        Assert.Empty(NumberedFields.Read(config));
        Assert.Empty(NumberedFields.Read(new GenerationConfig(), Unnamed));
    }

    [Fact]
    public void WhatHasAnotherFormIsSkipped()
    {
        var encoded = Encoded(output =>
        {
            output.WriteTag(1, WireFormat.WireType.Fixed32);
            output.WriteFixed32(7);
            output.WriteTag(1, WireFormat.WireType.Fixed64);
            output.WriteFixed64(7);
            output.WriteTag(1, WireFormat.WireType.StartGroup);
            output.WriteTag(1, WireFormat.WireType.Varint);
            output.WriteInt64(8);
            output.WriteTag(1, WireFormat.WireType.EndGroup);
            output.WriteTag(2, WireFormat.WireType.Varint);
            output.WriteInt64(9);
            output.WriteTag(3, WireFormat.WireType.LengthDelimited);
            output.WriteString("text");
            output.WriteTag(1, WireFormat.WireType.Varint);
            output.WriteInt64(10);
        });

        Assert.Equal([(1, (object)10L)], NumberedFields.Read(encoded, 1));
    }

    [Fact]
    public void NumbersAreEncodedInTheirOrder()
    {
        Assert.Equal("0880081864", Convert.ToHexString(NumberedFields.Encode((1, 1024), (3, 100)).Span));
        Assert.Equal("18FFFFFFFFFFFFFFFFFF01", Convert.ToHexString(NumberedFields.Encode((3, -1)).Span));
        Assert.True(NumberedFields.Encode().IsEmpty);
        Assert.Equal([(3, 100L), (1, (object)5L)], NumberedFields.Read(NumberedFields.Encode((3, 100), (1, 5)).ToByteArray(), 1, 3));
    }

    [Theory]
    [InlineData("08")]
    [InlineData("08FF")]
    [InlineData("08FFFFFFFFFFFFFFFFFFFF01")]
    [InlineData("0A05616263")]
    [InlineData("0AFFFFFFFF0F")]
    [InlineData("0D0102")]
    [InlineData("0C")]
    [InlineData("0B0801")]
    [InlineData("00")]
    public void BrokenBytesAreToldApart(string hex) =>
        Assert.Throws<InvalidProtocolBufferException>(() => NumberedFields.Read(Convert.FromHexString(hex), 1));

    [Fact]
    public void WhateverBytesComeNothingElseGoesWrong() => Properties.Hold(
        Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf(),
        bytes =>
        {
            try
            {
                NumberedFields.Read(bytes, 1, 2, 3);
            }
            catch (InvalidProtocolBufferException)
            {
                return;
            }
        });

    [Fact]
    public void TheValuesOfAFieldComeBackInTheirOrder() => Properties.Hold(
        from fields in (
        from field in Gen.Choose(Unnamed, Unnamed + 3)
        from value in Gen.Choose(int.MinValue, int.MaxValue)
        select (field,
        (object)(long)value)).ListOf(0, 6)
        from text in Gen.Elements("", "Hello.", "é漢😀")
        select (fields, text),
        set =>
        {
            var part = new Part { Text = set.text };
            foreach (var (field, value) in set.fields)
                NumberedFields.Set(part, field, (long)value);

            for (var field = Unnamed; field <= Unnamed + 3; field++)
                Assert.Equal(set.fields.Where(pair => pair.field == field), NumberedFields.Read(part, field));
            Assert.Equal(set.fields.Count, NumberedFields.Read(part, Unnamed, Unnamed + 1, Unnamed + 2, Unnamed + 3).Count);
            Assert.Equal(set.text, part.Text);
        });

    private static byte[] Encoded(Action<CodedOutputStream> write)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream))
            write(output);
        return stream.ToArray();
    }
}
