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

    /// <summary>
    /// The key in <see cref="AIContent.AdditionalProperties"/> of a call under which the model's own id of it lies, where the model gave
    /// one. Kept apart from <c>CallId</c>, which is unique in a conversation; the model's ids need not be.
    /// </summary>
    public const string ModelCallId = "modelCallId";

    private const int ThoughtField = 10;
    private const int SignatureField = 11;
    private const int CallIdField = 3;
    private const int MaxDepth = 24;

    /// <summary>The content of a part; null for one that says nothing to anybody here.</summary>
    /// <param name="part">The part.</param>
    /// <param name="callId">The id of a function call within its conversation.</param>
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

    /// <summary>The part of a content that is no result; null for one that is not sent.</summary>
    /// <exception cref="NotSupportedException">Gemini takes no such content.</exception>
    public static V1.Part? ToPart(AIContent content) =>
        ToPart(content, callId => throw new NotSupportedException($"The result of the call '{callId}' comes without the call."));

    /// <summary>The part of a content; null for one that is not sent.</summary>
    /// <param name="content">The content.</param>
    /// <param name="callOf">Finds the call of a result by its id.</param>
    /// <exception cref="NotSupportedException">Gemini takes no such content.</exception>
    public static V1.Part? ToPart(AIContent content, Func<string, FunctionCallContent> callOf)
    {
        var part = content switch
        {
            TextContent text => new V1.Part { Text = text.Text },
            // The service refuses files without content, and most files of text as such.
            DataContent { Data.IsEmpty: true } => new V1.Part { Text = "" },
            DataContent data when TextFiles.Include(data.MediaType) => new V1.Part { Text = TextFiles.Read(data.Data, data.MediaType) },
            DataContent data => new V1.Part { InlineData = new V1.Blob { MimeType = data.MediaType, Data = UnsafeByteOperations.UnsafeWrap(data.Data) } },
            UriContent uri => new V1.Part { FileData = ToFile(uri) },
            FunctionCallContent call => new V1.Part { FunctionCall = ToCall(call) },
            FunctionResultContent result => new V1.Part { FunctionResponse = ToResponse(result, callOf(result.CallId)) },
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

    private static ByteString? SignatureOf(AIContent content) =>
        PropertyOf(content, Signature) is { } text ? ByteString.FromBase64(text) : null;

    /// <summary>A content that was read from JSON has JSON in its properties.</summary>
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
    /// A function's result is an object; anything else is put into one, under the name that Gemini knows. An object that the service would
    /// refuse is put into one as text.
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
    /// Whether the service takes a value as a structure. It reads a property named $ref as a reference to a file in the response, and its
    /// parser of protocol buffers stops at 100 levels, of which each level of JSON takes three.
    /// </summary>
    private static bool IsPlain(JsonElement json, int depth) => json.ValueKind switch
    {
        JsonValueKind.Object => depth > 0 &&
            json.EnumerateObject().All(property => property.Name != "$ref" && IsPlain(property.Value, depth - 1)),
        JsonValueKind.Array => depth > 0 && json.EnumerateArray().All(item => IsPlain(item, depth - 1)),
        _ => true,
    };

    private static V1.FileData ToFile(UriContent file) => new() { MimeType = TextFiles.AddressTypeOf(file.MediaType), FileUri = CheckedUri(file.Uri) };

    private static string CheckedUri(Uri uri) => uri.Scheme is "gs" or "https"
        ? uri.OriginalString
        : throw new NotSupportedException($"Gemini reads files at gs:// and https:// addresses, not at {uri.Scheme}:.");
}
