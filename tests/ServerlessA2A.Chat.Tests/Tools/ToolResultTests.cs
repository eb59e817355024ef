using Microsoft.Extensions.AI;
using ServerlessA2A.Chat.Contents;
using ServerlessA2A.Chat.Tools;

namespace ServerlessA2A.Chat.Tests.Tools;

public class ToolResultTests
{
    [Theory]
    [InlineData(4, 0)]
    [InlineData(401, 0)]
    [InlineData(404, 1)]
    [InlineData(803, 1)]
    [InlineData(804, 2)]
    public void FilesAreKeptAsFarAsThereIsRoom(long length, int files)
    {
        var file = new DataContent(new byte[300], "image/png");
        var result = new ToolResult(ChatJson.ToElement("ab"), [file, file]);

        var fitted = result.Fit(length);

        Assert.Equal((files, "ab"), (fitted.Files.Count, fitted.Json.GetString()));
        Assert.Equal(804, result.Length);
    }
}
