using System.Text.Json;
using Microsoft.Extensions.AI;
using ModelContextProtocol.Protocol;
using ServerlessA2A.Chat.Tools;

namespace ServerlessA2A.Chat.Mcp;

/// <summary>A tool of an MCP server, under the name that the model gets.</summary>
internal sealed class McpTool(McpConnection connection, Tool tool, string name, TimeProvider time) : AIFunction
{
    public override string Name => name;

    public override string Description => tool.Description ?? tool.Title ?? "";

    public override JsonElement JsonSchema => tool.InputSchema;

    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(connection.Server.TimeLimit ?? Timeout.InfiniteTimeSpan, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        CallToolResult result;
        try
        {
            result = await connection.CallAsync(tool.Name, new Dictionary<string, object?>(arguments), end.Token);
        }
        catch (McpUnavailableException unavailable)
        {
            return ToolResult.Error(unavailable.Message);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The tool did not end within {connection.Server.TimeLimit!.Value.TotalSeconds:0.###} s.");
        }

        return result.IsError == true ? throw new McpToolException(McpContents.TextOf(result)) : McpContents.ToResult(result);
    }
}
