using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;
using ServerlessA2A.Chat.Contents;

namespace ServerlessA2A.AgentFramework.Runs;

/// <summary>Halves of surrogate pairs in the arguments of a call. Some models write them, and no checkpoint can hold them.</summary>
internal static partial class HalfPairs
{
    /// <summary>
    /// Replaces them by U+FFFD, in the call itself: the framework keeps the same object for the history, and has not made the call yet.
    /// </summary>
    public static void Replace(FunctionCallContent call)
    {
        if (call.Arguments is null || ChatJson.CanWrite(call.Arguments))
            return;
        call.Arguments = call.Arguments.ToDictionary(
            argument => argument.Key,
            argument => argument.Value is JsonElement json
                ? JsonElement.Parse(Escapes.Replace(json.GetRawText(), escape => escape.Groups["half"].Success ? @"\uFFFD" : escape.Value))
                : argument.Value);
    }

    /// <summary>All escapes of JSON, so that an escaped backslash before a letter u is none.</summary>
    [GeneratedRegex(@"\\u[dD][89abAB]..\\u[dD][c-fC-F]..|(?<half>\\u[dD][89a-fA-F]..)|\\.", RegexOptions.ExplicitCapture)]
    private static partial Regex Escapes { get; }
}
