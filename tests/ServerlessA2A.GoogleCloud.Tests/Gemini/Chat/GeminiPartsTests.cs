using System.Text.Json;
using Google.Protobuf;
using Microsoft.Extensions.AI;
using ServerlessA2A.GoogleCloud.Gemini.Chat;
using ServerlessA2A.Tests.Support;
using V1 = Google.Cloud.AIPlatform.V1;

namespace ServerlessA2A.GoogleCloud.Tests.Gemini.Chat;

public class GeminiPartsTests
{
    private const int ThoughtField = 10;
    private const int SignatureField = 11;

    private static readonly ByteString Sealed = ByteString.CopyFrom(0, 1, 254, 255);

    private static readonly Dictionary<string, V1.Part> Parts = new()
    {
        ["text"] = new V1.Part { Text = "Hello." },
        ["bytes"] = new V1.Part { InlineData = new V1.Blob { MimeType = "image/png", Data = ByteString.CopyFrom(1, 2, 3) } },
        ["file"] = new V1.Part { FileData = new V1.FileData { MimeType = "video/mp4", FileUri = "gs://bucket/film.mp4" } },
        ["page"] = new V1.Part { FileData = new V1.FileData { MimeType = "text/html", FileUri = "https://example.com/a%20b?c=d" } },
        ["call"] = new V1.Part
        {
            FunctionCall = new V1.FunctionCall
            {
                Name = "find",
                Args = StructJson.ToStruct(Properties.Parse("""{"city":"Rome","days":3,"exact":true,"near":[1.5,null],"more":{"a":"9007199254740993"}}""")),
            },
        },
        ["call without arguments"] = new V1.Part { FunctionCall = new V1.FunctionCall { Name = "now", Args = new() } },
    };

    public static TheoryData<string> Kinds => [.. Parts.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void APartComesBackAsItWent(string kind) => Assert.Equal(Parts[kind], Back(Parts[kind], json: false));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void APartComesBackAsItWentThroughJson(string kind) => Assert.Equal(Parts[kind], Back(Parts[kind], json: true));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void ASignatureComesBackWithItsPart(string kind)
    {
        foreach (var json in (bool[])[false, true])
        {
            var signed = Parts[kind].Clone();
            NumberedFields.Set(signed, SignatureField, Sealed);

            Assert.Equal(signed, Back(signed, json));
            Assert.Equal([(SignatureField, (object)Sealed)], NumberedFields.Read(Back(signed, json)!, SignatureField));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ASignatureThatComesWithNothingIsKept(bool json)
    {
        foreach (var part in (V1.Part[])[new V1.Part(), new V1.Part { Text = "" }])
        {
            NumberedFields.Set(part, SignatureField, Sealed);

            var back = Back(part, json);

            Assert.Equal([(SignatureField, (object)Sealed)], NumberedFields.Read(back!, SignatureField));
            Assert.Equal("", back!.Text);
        }
    }

    [Fact]
    public void ASignatureIsBase64InTheContent()
    {
        var part = new V1.Part { Text = "a" };
        NumberedFields.Set(part, SignatureField, Sealed);

        Assert.Equal(Sealed.ToBase64(), ToContent(part)!.AdditionalProperties![GeminiParts.Signature]);
    }

    [Fact]
    public void AThoughtIsReasoningAndIsNotSentBack()
    {
        var part = new V1.Part { Text = "Let me see." };
        NumberedFields.Set(part, ThoughtField, 1);

        var content = Assert.IsType<TextReasoningContent>(ToContent(part));

        Assert.Equal("Let me see.", content.Text);
        Assert.Null(ToPart(content));
    }

    [Fact]
    public void WhatIsMarkedAsNoThoughtIsNone()
    {
        var part = new V1.Part { Text = "Hello." };
        NumberedFields.Set(part, ThoughtField, 0);

        Assert.IsType<TextContent>(ToContent(part));
    }

    [Fact]
    public void WhatSaysNothingIsNoContent()
    {
        Assert.Null(ToContent(new V1.Part()));
        Assert.Null(ToContent(new V1.Part { Text = "" }));
        Assert.Null(ToContent(new V1.Part { FunctionResponse = new V1.FunctionResponse { Name = "find" } }));
    }

    [Fact]
    public void ACallHasTheIdThatItIsGivenAndItsArgumentsAreJson()
    {
        var content = Assert.IsType<FunctionCallContent>(GeminiParts.ToContent(Parts["call"], "call-7"));

        Assert.Equal("call-7", content.CallId);
        Assert.Equal("find", content.Name);
        Assert.Equal(["city", "days", "exact", "more", "near"], content.Arguments!.Keys.Order());
        Assert.Equal("Rome", Assert.IsType<JsonElement>(content.Arguments["city"]).GetString());
        Assert.Equal(3, Assert.IsType<JsonElement>(content.Arguments["days"]).GetInt32());
    }

    [Fact]
    public void ACallWithoutArgumentsHasNone()
    {
        var content = Assert.IsType<FunctionCallContent>(ToContent(new V1.Part { FunctionCall = new V1.FunctionCall { Name = "now" } }));

        Assert.Empty(content.Arguments!);
        Assert.Equal(new V1.FunctionCall { Name = "now", Args = new() }, ToPart(new FunctionCallContent("c", "now"))!.FunctionCall);
    }

    [Fact]
    public void ArgumentsMayBeObjectsOfAnyType()
    {
        var call = new FunctionCallContent(
            "c", "find", new Dictionary<string, object?> { ["a"] = 1, ["b"] = new[] { "x" }, ["c"] = null, ["d"] = 9007199254740993L });

        Assert.Equal(StructJson.ToStruct(Properties.Parse("""{"a":1,"b":["x"],"c":null,"d":"9007199254740993"}""")), ToPart(call)!.FunctionCall.Args);
    }

    [Fact]
    public void TheRawPartIsThereForWhoeverNeedsIt()
    {
        var part = new V1.Part { Text = "Hello." };

        Assert.Same(part, ToContent(part)!.RawRepresentation);
    }

    [Fact]
    public void EmptyTextIsNotSent()
    {
        Assert.Null(ToPart(new TextContent("")));
        Assert.Null(ToPart(new TextContent(null)));
        Assert.Null(ToPart(new TextContent("") { AdditionalProperties = new() { ["other"] = "x" } }));
    }

    [Fact]
    public void AnEmptyFileIsNeitherSentNorHeard()
    {
        Assert.Null(ToPart(new DataContent(ReadOnlyMemory<byte>.Empty, "image/png")));
        Assert.Null(ToContent(new V1.Part { InlineData = new V1.Blob { MimeType = "image/png" } }));
    }

    [Theory]
    [InlineData("image/svg+xml")]
    [InlineData("application/xml")]
    [InlineData("application/ld+json")]
    [InlineData("text/html")]
    public void AFileOfTextIsSentAsText(string mediaType)
    {
        Assert.Equal("<svg/>", ToPart(new DataContent("<svg/>"u8.ToArray(), mediaType))!.Text);
        Assert.StartsWith("text/", ToPart(new UriContent("gs://b/f", mediaType))!.FileData.MimeType, StringComparison.Ordinal);
    }

    [Fact]
    public void CountsAreNotSent() => Assert.Null(ToPart(new UsageContent(new UsageDetails { InputTokenCount = 1 })));

    [Theory]
    [InlineData("http://example.com/a.png", "http:")]
    [InlineData("file:///etc/passwd", "file:")]
    [InlineData("ftp://example.com/a.png", "ftp:")]
    public void AFileIsReadOnlyWhereTheModelReaches(string address, string scheme)
    {
        var refusal = Assert.Throws<NotSupportedException>(() => ToPart(new UriContent(address, "image/png")));

        Assert.Contains("gs:// and https://", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(scheme, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatGeminiDoesNotTakeIsRefusedByItsName()
    {
        var refusal = Assert.Throws<NotSupportedException>(() => ToPart(new ErrorContent("Oh.")));

        Assert.Contains("ErrorContent", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"a":1,"b":[true]}""", """{"a":1,"b":[true]}""")]
    [InlineData("""[1,"b"]""", """{"output":[1,"b"]}""")]
    [InlineData("\"Sunny.\"", """{"output":"Sunny."}""")]
    [InlineData("12", """{"output":12}""")]
    [InlineData("12345678901234567890", """{"output":"12345678901234567890"}""")]
    [InlineData("false", """{"output":false}""")]
    [InlineData("null", """{"output":null}""")]
    [InlineData("{}", "{}")]
    [InlineData("""{"$ref":"a"}""", """{"output":"{\"$ref\":\"a\"}"}""")]
    [InlineData("""[{"a":{"$ref":1}}]""", """{"output":"[{\"a\":{\"$ref\":1}}]"}""")]
    [InlineData("""{"a":"$ref","$defs":{}}""", """{"a":"$ref","$defs":{}}""")]
    public void AResultIsAnObjectOrStandsInOne(string result, string sent)
    {
        var part = ToPart(new FunctionResultContent("c", Properties.Parse(result)))!;

        Assert.Equal("name of c", part.FunctionResponse.Name);
        Assert.Equal(StructJson.ToStruct(Properties.Parse(sent)), part.FunctionResponse.Response);
    }

    [Fact]
    public void AResultMayBeAnObjectOfAnyType()
    {
        Assert.Equal(
            StructJson.ToStruct(Properties.Parse("""{"a":[1,2]}""")),
            ToPart(new FunctionResultContent("c", new Dictionary<string, int[]> { ["a"] = [1, 2] }))!.FunctionResponse.Response);
        Assert.Equal(StructJson.ToStruct(Properties.Parse("""{"output":null}""")), ToPart(new FunctionResultContent("c", null))!.FunctionResponse.Response);
    }

    [Fact]
    public void AFailureIsToldAsOne() => Assert.Equal(
        StructJson.ToStruct(Properties.Parse("""{"error":"Broken."}""")),
        ToPart(new FunctionResultContent("c", "Broken.") { Exception = new InvalidOperationException() })!.FunctionResponse.Response);

    private static AIContent? ToContent(V1.Part part) => GeminiParts.ToContent(part, "c");

    private static V1.Part? ToPart(AIContent content) =>
        GeminiParts.ToPart(content, callId => new FunctionCallContent(callId, $"name of {callId}"));

    private static V1.Part? Back(V1.Part part, bool json)
    {
        var content = ToContent(part)!;
        if (json)
        {
            var text = JsonSerializer.Serialize(content, AIJsonUtilities.DefaultOptions);
            content = JsonSerializer.Deserialize<AIContent>(text, AIJsonUtilities.DefaultOptions)!;
        }

        // What is sent comes from the content, not from what it was made of.
        content.RawRepresentation = null;
        return ToPart(content);
    }
}
