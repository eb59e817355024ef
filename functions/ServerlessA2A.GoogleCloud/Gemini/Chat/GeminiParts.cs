using System.Text.Json;
using Google.Protobuf;
using Microsoft.Extensions.AI;
using ServerlessA2A.Chat.Contents;
using V1 = Google.Cloud.AIPlatform.V1;

namespace ServerlessA2A.GoogleCloud.Gemini.Chat;

/// <summary>Converts contents of a conversation to Gemini's parts and back.</summary>
internal static class GeminiParts
{
    /// <summary>
    /// The key in <see cref="AIContent.AdditionalProperties"/> of a part's thought signature, in base64. Newer models reject a function
    /// call that is sent back without it.
    /// </summary>
    public const string Signature = "thoughtSignature";

    /// <summary>
    /// The key in <see cref="AIContent.AdditionalProperties"/> of the model's own id of a call, if it gave one. It is separate from
    /// <c>CallId</c>, which is unique in a conversation; the model's ids need not be.
    /// </summary>
    public const string ModelCallId = "modelCallId";

    private const int ThoughtField = 10;
    private const int SignatureField = 11;
    private const int CallIdField = 3;
    private const int MaxDepth = 24;

    /// <summary>Converts a part to a content; null if the part is irrelevant here.</summary>
    /// <param name="part">The part.</param>
    /// <param name="callId">The id for a function call, unique in its conversation.</param>
    public static AIContent? ToContent(V1.Part part, string callId)
    {
        var (isThought, signature) = ReadThought(part);
        AIContent? content = part.DataCase switch
        {
            V1.Part.DataOneofCase.Text when isThought => new TextReasoningContent(part.Text),
            V1.Part.DataOneofCase.Text when part.Text.Length > 0 || signature is not null => new TextContent(part.Text),
            V1.Part.DataOneofCase.InlineData when !part.InlineData.Data.IsEmpty =>
                new DataContent(part.InlineData.Data.Memory, part.InlineData.MimeType),
            V1.Part.DataOneofCase.FileData => new UriContent(part.FileData.FileUri, part.FileData.MimeType),
            V1.Part.DataOneofCase.FunctionCall => new FunctionCallContent(callId, part.FunctionCall.Name, ToArguments(part.FunctionCall)),
            V1.Part.DataOneofCase.None or V1.Part.DataOneofCase.InlineData when signature is not null => new TextContent(""),
            _ => null,
        };
        if (content is null)
            return null;
        content.RawRepresentation = part;
        if (part.FunctionCall is { } called && NumberedFields.ReadText(called, CallIdField) is { } modelCallId)
            (content.AdditionalProperties ??= [])[ModelCallId] = modelCallId;
        if (signature is not null)
            (content.AdditionalProperties ??= [])[Signature] = signature.ToBase64();
        return content;
    }

    /// <summary>Converts a content other than a result to a part; null if it is not sent.</summary>
    /// <exception cref="NotSupportedException">Gemini does not accept such content.</exception>
    public static V1.Part? ToPart(AIContent content) =>
        ToPart(content, callId => throw new NotSupportedException($"The result of the call '{callId}' has no matching call."));

    /// <summary>Converts a content to a part; null if it is not sent.</summary>
    /// <param name="content">The content.</param>
    /// <param name="callOf">Finds the call of a result by its id.</param>
    /// <exception cref="NotSupportedException">Gemini does not accept such content.</exception>
    public static V1.Part? ToPart(AIContent content, Func<string, FunctionCallContent> callOf)
    {
        var part = content switch
        {
            TextContent text => new V1.Part { Text = text.Text },
            // The service rejects empty files, and most text files as files.
            DataContent { Data.IsEmpty: true } => new V1.Part { Text = "" },
            DataContent data when TextFiles.Include(data.MediaType) => new V1.Part { Text = TextFiles.Read(data.Data, data.MediaType) },
            DataContent data => new V1.Part
            {
                InlineData = new V1.Blob { MimeType = data.MediaType, Data = UnsafeByteOperations.UnsafeWrap(data.Data) },
            },
            UriContent uri => new V1.Part { FileData = ToFile(uri) },
            FunctionCallContent call => new V1.Part { FunctionCall = ToCall(call) },
            FunctionResultContent result => new V1.Part { FunctionResponse = ToResponse(result, callOf(result.CallId)) },
            // Thoughts are not sent back; the signature conveys them to the model.
            TextReasoningContent or UsageContent => null,
            _ => throw new NotSupportedException($"Gemini does not accept content of the type {content.GetType().Name}."),
        };
        if (part is not null && SignatureOf(content) is { } signature)
            NumberedFields.Set(part, SignatureField, signature);
        else if (part is { HasText: true, Text: "" })
            return null;
        return part;
    }

    private static ByteString? SignatureOf(AIContent content) =>
        PropertyOf(content, Signature) is { } text ? ByteString.FromBase64(text) : null;

    /// <summary>The properties of a content that was read from JSON are JSON.</summary>
    private static string? PropertyOf(AIContent content, string name) => content.AdditionalProperties?.GetValueOrDefault(name) switch
    {
        string text => text,
        JsonElement { ValueKind: JsonValueKind.String } json => json.GetString(),
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

    private static V1.FunctionCall ToCall(FunctionCallContent call)
    {
        var arguments = ChatJson.ToElement(call.Arguments ?? new Dictionary<string, object?>());
        var sent = new V1.FunctionCall { Name = call.Name, Args = StructJson.ToStruct(arguments) };
        if (PropertyOf(call, ModelCallId) is { } id)
            NumberedFields.Set(sent, CallIdField, id);
        return sent;
    }

    private static V1.FunctionResponse ToResponse(FunctionResultContent result, FunctionCallContent call)
    {
        var sent = new V1.FunctionResponse { Name = call.Name, Response = ToResponse(result) };
        if (PropertyOf(call, ModelCallId) is { } id)
            NumberedFields.Set(sent, CallIdField, id);
        return sent;
    }

    /// <summary>
    /// A function's result must be an object; other values are wrapped in one, under the name that Gemini expects. An object that the
    /// service would reject is wrapped as text.
    /// </summary>
    private static Google.Protobuf.WellKnownTypes.Struct ToResponse(FunctionResultContent result)
    {
        var json = ChatJson.ToElement(result.Result);
        if (!IsPlain(json, MaxDepth))
            json = ChatJson.ToElement(json.GetRawText());
        if (json.ValueKind == JsonValueKind.Object)
            return StructJson.ToStruct(json);
        return new() { Fields = { [result.Exception is null ? "output" : "error"] = StructJson.ToValue(json) } };
    }

    /// <summary>
    /// Whether the service accepts a value as a structure. It reads a property named $ref as a reference to a file in the response, and its
    /// protocol buffer parser stops at 100 levels, of which each level of JSON takes three.
    /// </summary>
    private static bool IsPlain(JsonElement json, int depth) => json.ValueKind switch
    {
        JsonValueKind.Object => depth > 0 &&
            json.EnumerateObject().All(property => property.Name != "$ref" && IsPlain(property.Value, depth - 1)),
        JsonValueKind.Array => depth > 0 && json.EnumerateArray().All(item => IsPlain(item, depth - 1)),
        _ => true,
    };

    private static V1.FileData ToFile(UriContent file) =>
        new() { MimeType = TextFiles.AddressTypeOf(file.MediaType), FileUri = CheckedUri(file.Uri) };

    private static string CheckedUri(Uri uri) => uri.Scheme is "gs" or "https"
        ? uri.OriginalString
        : throw new NotSupportedException($"Gemini reads files at gs:// and https:// addresses, not at {uri.Scheme}:.");
}
