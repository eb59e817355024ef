using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ServerlessA2A.Chat.Tools;

namespace ServerlessA2A.TestAgent;

/// <summary>A tool that leaves a line in the log for each call.</summary>
public static partial class WatchedTool
{
    public static string Visit(int place, ToolContext tool, IServiceProvider services)
    {
        Visited(services.GetRequiredService<ILogger<ObedientAgent>>(), place, tool.Agent.TaskId);
        return $"It is nice at {place}.";
    }

    [LoggerMessage(3, LogLevel.Information, "Visit of {Place} for {TaskId}.")]
    private static partial void Visited(ILogger logger, int place, string taskId);
}
