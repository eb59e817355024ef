using Google.Cloud.AIPlatform.V1;
using Google.Protobuf;
using ServerlessA2A.FakeVertex;

namespace ServerlessA2A.GoogleCloud.Tests.Packages.AIPlatform;

/// <summary>What is in messages, whatever it is, arrives.</summary>
public class MessageTests : AIPlatformTest
{
    // Part: thought_signature = 11. GenerationConfig: thinking_config = 21, with thinking_budget = 3.
    private const int ThoughtSignature = 11;
    private static readonly byte[] ThinkingConfig = [0xaa, 0x01, 0x03, 0x18, 0x80, 0x08];

    private static readonly byte[] Signature = [0, 1, 2, 0xff];

    [Fact]
    public async Task FieldsThatAreNotKnownHereSurviveTheWayHereAndBack()
    {
        Vertex.Enqueue(ModelTurn.Call("get_weather").WithSignature(Signature), ModelTurn.Say("Sunny"));

        var part = Assert.Single(await ReadAsync(Client.StreamGenerateContent(Ask("Weather?")))).Candidates.Single().Content.Parts.Single();
        var next = Ask(part.Clone());
        next.GenerationConfig = new();
        next.GenerationConfig.MergeFrom(ThinkingConfig);
        await ReadAsync(Client.StreamGenerateContent(next));
        var sent = Vertex.Calls[1].Request;

        Assert.Equal(Signature, Field(part, ThoughtSignature));
        Assert.Equal(part, sent.Contents.Single().Parts.Single());
        Assert.Equal(Signature, Field(sent.Contents.Single().Parts.Single(), ThoughtSignature));
        Assert.Equal(ThinkingConfig, sent.GenerationConfig.ToByteArray());
    }

    [Fact]
    public async Task ALargeMessageArrivesBothWays()
    {
        var image = new byte[20 * 1024 * 1024];
        new Random(1).NextBytes(image);
        var part = new Part { InlineData = new() { MimeType = "image/png", Data = ByteString.CopyFrom(image) } };
        Vertex.Answer = _ => ModelTurn.Say("Here it is:").Image(image, "image/png").Say("Well?");

        var streamed = await ReadAsync(Client.StreamGenerateContent(Ask(part)));
        var whole = await Client.GenerateContentAsync(Ask(part));

        Assert.All(Vertex.Calls, call => Assert.Equal(part, call.Request.Contents.Single().Parts.Single()));
        Assert.Equal(["Here it is:", "", "Well?"], streamed.Select(Text));
        Assert.Equal(part, streamed[1].Candidates.Single().Content.Parts.Single());
        Assert.Equal(part, whole.Candidates.Single().Content.Parts[1]);
    }

    private static byte[]? Field(Part part, int number)
    {
        var input = new CodedInputStream(part.ToByteArray());
        while (input.ReadTag() is var tag and not 0)
        {
            if (WireFormat.GetTagFieldNumber(tag) == number)
                return input.ReadBytes().ToByteArray();
            input.SkipLastField();
        }
        return null;
    }
}
