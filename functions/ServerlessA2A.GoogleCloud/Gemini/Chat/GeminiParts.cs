using System.Text.Json;
using Google.Protobuf;
using Microsoft.Extensions.AI;
using V1 = Google.Cloud.AIPlatform.V1;

namespace ServerlessA2A.GoogleCloud.Gemini.Chat;

/// <summary>Contents of a conversation as Gemini's parts, and back.</summary>
internal static class GeminiParts
{
    /// <summary>
    /// The key in <see cref="AIContent.AdditionalProperties"/> under which a part's signature lies, in base64: what the model has thought,
    /// sealed. Newer models refuse a function call that comes back without it.
    /// </summary>
    public const string Signature = "thoughtSignature";

    private const int ThoughtField = 10;
    private const int SignatureField = 11;

    /// <summary>The content of a part; null for one that says nothing to anybody here.</summary>
    /// <param name="part">The part.</param>
    /// <param name="callId">An id for a function call: Gemini gives none.</param>
    public static AIContent? ToContent(V1.Part part, string callId)
    {
        var (isThought, signature) = ReadThought(part);
        AIContent? content = part.DataCase switch
        {
            V1.Part.DataOneofCase.Text when isThought => new TextReasoningContent(part.Text),
            V1.Part.DataOneofCase.Text when part.Text.Length > 0 || signature is not null => new TextContent(part.Text),
            V1.Part.DataOneofCase.InlineData => new DataContent(part.InlineData.Data.Memory, part.InlineData.MimeType),
            V1.Part.DataOneofCase.FileData => new UriContent(part.FileData.FileUri, part.FileData.MimeType),
            V1.Part.DataOneofCase.FunctionCall => new FunctionCallContent(callId, part.FunctionCall.Name, ToArguments(part.FunctionCall)),
            V1.Part.DataOneofCase.None when signature is not null => new TextContent(""),
            _ => null,
        };
        if (content is null)
            return null;
        content.RawRepresentation = part;
        if (signature is not null)
            (content.AdditionalProperties ??= [])[Signature] = signature.ToBase64();
        return content;
    }

    /// <summary>The part of a content; null for one that is not sent.</summary>
    /// <param name="content">The content.</param>
    /// <param name="callName">Finds the name of a function by the id of its call.</param>
    /// <exception cref="NotSupportedException">Gemini takes no such content.</exception>
    public static V1.Part? ToPart(AIContent content, Func<string, string> callName)
    {
        var part = content switch
        {
            TextContent text => new V1.Part { Text = text.Text },
            DataContent data => new V1.Part { InlineData = new V1.Blob { MimeType = data.MediaType, Data = UnsafeByteOperations.UnsafeWrap(data.Data) } },
            UriContent uri => new V1.Part { FileData = new V1.FileData { MimeType = uri.MediaType, FileUri = CheckedUri(uri.Uri) } },
            FunctionCallContent call => new V1.Part { FunctionCall = new V1.FunctionCall { Name = call.Name, Args = StructJson.ToStruct(ChatJson.ToElement(call.Arguments ?? new Dictionary<string, object?>())) } },
            FunctionResultContent result => new V1.Part { FunctionResponse = new V1.FunctionResponse { Name = callName(result.CallId), Response = ToResponse(result) } },
            // Thoughts are the model's own; a signature says the same to it.
            TextReasoningContent or UsageContent => null,
            _ => throw new NotSupportedException($"Gemini takes no content of the type {content.GetType().Name}."),
        };
        if (part is not null && SignatureOf(content) is { } signature)
            NumberedFields.Set(part, SignatureField, signature);
        else if (part is { HasText: true, Text: "" })
            return null;
        return part;
    }

    /// <summary>A content that was read from JSON has JSON in its properties.</summary>
    private static ByteString? SignatureOf(AIContent content) => content.AdditionalProperties?.GetValueOrDefault(Signature) switch
    {
        string text => ByteString.FromBase64(text),
        JsonElement { ValueKind: JsonValueKind.String } json => ByteString.FromBase64(json.GetString()),
        _ => null,
    };

    private static (bool IsThought, ByteString? Signature) ReadThought(V1.Part part)
    {
        var isThought = false;
        ByteString? signature = null;
        foreach (var (field, value) in NumberedFields.Read(part, ThoughtField, SignatureField))
        {
            if (field == ThoughtField)
                isThought = value is not 0L;
            else
                signature = value as ByteString;
        }

        return (isThought, signature);
    }

    private static Dictionary<string, object?> ToArguments(V1.FunctionCall call) => call.Args is null
        ? []
        : StructJson.ToJson(call.Args).ToDictionary(
            argument => argument.Key,
            argument => (object?)ChatJson.ToElement(argument.Value));

    /// <summary>A function's result is an object; what is none is put into one, under the name that Gemini knows.</summary>
    private static Google.Protobuf.WellKnownTypes.Struct ToResponse(FunctionResultContent result)
    {
        var json = ChatJson.ToElement(result.Result);
        if (json.ValueKind == JsonValueKind.Object)
            return StructJson.ToStruct(json);
        return new() { Fields = { [result.Exception is null ? "output" : "error"] = StructJson.ToValue(json) } };
    }

    private static string CheckedUri(Uri uri) => uri.Scheme is "gs" or "https"
        ? uri.OriginalString
        : throw new NotSupportedException($"Gemini reads files at gs:// and https:// addresses, not at {uri.Scheme}:.");
}
