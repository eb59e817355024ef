using System.Security.Cryptography;
using System.Text;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.Tests.Tasks.Log;

public class MessageHashTests
{
    private const string Plain = """{"messageId":"m","role":"ROLE_USER","parts":[{"text":"hello"}]}""";

    [Theory]
    [InlineData(Plain, """{"parts":[{"text":"hello"}],"role":"ROLE_USER","messageId":"another"}""")]
    [InlineData(Plain, """{"messageId":"m","contextId":"","taskId":"","role":"ROLE_USER","parts":[{"text":"hello","filename":"","mediaType":""}],"extensions":[],"referenceTaskIds":[]}""")]
    [InlineData("""{"messageId":"m","role":"ROLE_USER","parts":[{"data":{"a":[1,{"c":true,"b":null}],"d":"ü"}}]}""", """{"messageId":"m","role":"ROLE_USER","parts":[{"data":{ "d":"\u00fc", "a":[1, {"b":null,"c":true}] }}]}""")]
    [InlineData("""{"messageId":"m","role":"ROLE_USER","parts":[{"raw":"AAEC_w=="}]}""", """{"messageId":"m","role":"ROLE_USER","parts":[{"raw":"AAEC/w"}]}""")]
    [InlineData("""{"messageId":"m","role":"ROLE_USER","parts":[{"data":"\ud800"}]}""", """{"messageId":"m","role":"ROLE_USER","parts":[{"data":"\ud800"}]}""")]
    public void TheSameContentHasTheSameHashHoweverItIsWritten(string one, string other) => Assert.Equal(HashOf(one), HashOf(other));

    /// <summary>Stored claims have this hash: it must not change, however much content is gathered for one call.</summary>
    [Theory]
    [InlineData(5)]
    [InlineData(480)]
    [InlineData(500)]
    [InlineData(512)]
    [InlineData(20_000)]
    public void TheHashIsThatOfTheContentInOneSequence(int length)
    {
        var text = new string('x', length);
        using var content = new MemoryStream();
        using var writer = new BinaryWriter(content);
        int[] before = [(int)Role.User, -1, -1, 2];
        int[] afterText = [-1, -1, -1, -1, -1, -1];
        int[] after = [-1, 0, 0];
        Array.ForEach(before, writer.Write);
        for (var part = 0; part < 2; part++)
        {
            writer.Write(2 * length);
            writer.Write(Encoding.Unicode.GetBytes(text));
            Array.ForEach(afterText, writer.Write);
        }

        Array.ForEach(after, writer.Write);

        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData(content.ToArray())),
            MessageHash.Of(new Message { MessageId = "m", Role = Role.User, Parts = [Part.FromText(text), Part.FromText(text)] }));
    }

    [Fact]
    public void OtherContentHasAnotherHash()
    {
        string[] contents =
        [
            Plain,
            """{"messageId":"m","role":"ROLE_USER","parts":[{"text":"hello!"}]}""",
            """{"messageId":"m","role":"ROLE_AGENT","parts":[{"text":"hello"}]}""",
            """{"messageId":"m","role":"ROLE_USER","parts":[{"url":"hello"}]}""",
            """{"messageId":"m","role":"ROLE_USER","parts":[{"data":"hello"}]}""",
            """{"messageId":"m","role":"ROLE_USER","parts":[{"text":"hello","mediaType":"text/plain"}]}""",
            """{"messageId":"m","role":"ROLE_USER","parts":[{"text":"hello","filename":"text/plain"}]}""",
            """{"messageId":"m","role":"ROLE_USER","parts":[{"text":"hello","metadata":{"a":1}}]}""",
            """{"messageId":"m","role":"ROLE_USER","parts":[{"text":"hel"},{"text":"lo"}]}""",
            """{"messageId":"m","role":"ROLE_USER","parts":[{"text":"hello"}],"metadata":{"a":1}}""",
            """{"messageId":"m","role":"ROLE_USER","parts":[{"text":"hello"}],"metadata":{"a":2}}""",
            """{"messageId":"m","role":"ROLE_USER","parts":[{"text":"hello"}],"contextId":"c"}""",
            """{"messageId":"m","role":"ROLE_USER","parts":[{"text":"hello"}],"taskId":"c"}""",
            """{"messageId":"m","role":"ROLE_USER","parts":[{"text":"hello"}],"extensions":["c"]}""",
            """{"messageId":"m","role":"ROLE_USER","parts":[{"text":"hello"}],"referenceTaskIds":["c"]}""",
            """{"messageId":"m","role":"ROLE_USER","parts":[{"data":1750000000000000001}]}""",
            """{"messageId":"m","role":"ROLE_USER","parts":[{"data":1750000000000000002}]}""",
            """{"messageId":"m","role":"ROLE_USER","parts":[{"data":1e400}]}""",
            """{"messageId":"m","role":"ROLE_USER","parts":[{"data":[[],1]}]}""",
            """{"messageId":"m","role":"ROLE_USER","parts":[{"data":[[1]]}]}""",
            """{"messageId":"m","role":"ROLE_USER","parts":[{"data":"1"}]}""",
            """{"messageId":"m","role":"ROLE_USER","parts":[{"data":null}]}""",
            """{"messageId":"m","role":"ROLE_USER","parts":[{"data":{"a":{"b":1},"c":2}}]}""",
            """{"messageId":"m","role":"ROLE_USER","parts":[{"data":{"a":{"b":1,"c":2}}}]}""",
        ];
        Assert.Equal(contents.Length, contents.Select(HashOf).Distinct().Count());
    }

    [Fact]
    public void BothVersionsOfTheProtocolHashTheSameMessageAlike()
    {
        var v03 = WireFormat.V0_3JsonRpc.ReadSendMessage(Encoding.UTF8.GetBytes(
            """{"message":{"kind":"message","messageId":"m","role":"user","parts":[{"kind":"text","text":"hello"},{"kind":"data","data":{"a":1}},{"kind":"file","file":{"bytes":"AAE=","mimeType":"a/b"}}]}}"""));
        var v1 = WireFormat.V1.ReadSendMessage(Encoding.UTF8.GetBytes(
            """{"message":{"messageId":"m","role":"ROLE_USER","parts":[{"text":"hello"},{"data":{"a":1}},{"raw":"AAE=","mediaType":"a/b"}]}}"""));
        Assert.Equal(MessageHash.Of(v1.Message), MessageHash.Of(v03.Message));
    }

    private static string HashOf(string message) =>
        MessageHash.Of(WireFormat.V1.ReadSendMessage(Encoding.UTF8.GetBytes($$"""{"message":{{message}}}""")).Message);
}
