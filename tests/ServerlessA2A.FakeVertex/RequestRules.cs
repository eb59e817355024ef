using Google.Cloud.AIPlatform.V1;
using ServerlessA2A.FakeVertex.Protocol;
using Value = Google.Protobuf.WellKnownTypes.Value;

namespace ServerlessA2A.FakeVertex;

/// <summary>
/// What the service refuses requests for, as far as is known: no test is to pass with a request that fails where it counts.
/// </summary>
internal static class RequestRules
{
    /// <summary>What is wrong with a request, about in the service's words; null for nothing.</summary>
    public static string? FaultOf(GenerateContentRequest request)
    {
        foreach (var function in request.Tools.SelectMany(tool => tool.FunctionDeclarations))
        {
            if (function.ParametersSchema() is { } parameters && SchemaRules.FaultOfParameters(parameters) is { } fault)
                return $"Unable to submit request because `{function.Name}` functionDeclaration {fault}.";
        }

        if (request.GenerationConfig is { } config)
        {
            if (config.AnswerSchema() is { } schema && SchemaRules.FaultOf(schema) is { } fault)
                return $"Unable to submit request because response_json_schema {fault}.";
            if (NewFields.ThinksTwice(config))
                return "You can only set only one of thinking budget and thinking level.";
        }

        foreach (var part in request.Contents.SelectMany(content => content.Parts))
        {
            if (part.InlineData is { Data.IsEmpty: true })
                return "Unable to submit request because inline data is empty.";
            if (part.InlineData?.MimeType is { } type && type.StartsWith("image/svg", StringComparison.OrdinalIgnoreCase))
                return $"Unsupported MIME type: {type}";
            if (part.FunctionResponse is { } response && HasReference(Value.ForStruct(response.Response)))
                return "The referenced name in function_response.response does not match to a display_name in the function_response.parts.";
        }

        return request.Contents.Index().Select(place => FaultOfResponses(request, place.Index)).FirstOrDefault(fault => fault is not null);
    }

    /// <summary>Responses follow their calls at once, as many as these, in their order, and with their ids where there are some.</summary>
    private static string? FaultOfResponses(GenerateContentRequest request, int index)
    {
        var responses = request.Contents[index].Parts.Select(part => part.FunctionResponse).OfType<FunctionResponse>().ToList();
        if (responses.Count == 0)
            return null;
        var calls = index == 0 ? [] : request.Contents[index - 1].Parts.Select(part => part.FunctionCall).OfType<FunctionCall>().ToList();
        if (calls.Count != responses.Count)
            return "Please ensure that the number of function response parts is equal to the number of function call parts.";
        return calls.Select(call => (call.Name, NewFields.IdOf(call)))
            .SequenceEqual(responses.Select(each => (each.Name, NewFields.IdOf(each))))
            ? null
            : "Please ensure that function response parts match the function call parts of the function call turn.";
    }

    private static bool HasReference(Value value) => value.KindCase switch
    {
        Value.KindOneofCase.StructValue => value.StructValue.Fields.Any(field => field.Key == "$ref" || HasReference(field.Value)),
        Value.KindOneofCase.ListValue => value.ListValue.Values.Any(HasReference),
        _ => false,
    };
}
