using System.Text.Json;
using Microsoft.Extensions.AI;
using ServerlessA2A.Chat.Contents;

namespace ServerlessA2A.Chat.Tools;

/// <summary>The result of a tool call.</summary>
/// <param name="Json">The result, as the model gets it.</param>
/// <param name="Files">Files that the model gets with it, such as images.</param>
internal sealed record ToolResult(JsonElement Json, IReadOnlyList<DataContent> Files)
{
    /// <summary>The result's length, in characters of JSON; a file counts in base64.</summary>
    public long Length => Json.GetRawText().Length + Files.Sum(LengthOf);

    /// <summary>The result with as many of the files as its length has room for.</summary>
    public ToolResult Fit(long length)
    {
        var room = length - Of(Json).Length;
        return this with { Files = [.. Files.TakeWhile(file => (room -= LengthOf(file)) >= 0)] };
    }

    private static long LengthOf(DataContent file) => 4L * ((file.Data.Length + 2) / 3);

    /// <summary>A result without files.</summary>
    public static ToolResult Of(JsonElement json) => new(json, []);

    /// <summary>An error for the model.</summary>
    public static ToolResult Error(string message) => Of(ChatJson.ToElement(new Dictionary<string, string> { ["error"] = message }));
}
