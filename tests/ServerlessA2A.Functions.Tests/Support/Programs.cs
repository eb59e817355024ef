namespace ServerlessA2A.Functions.Tests.Support;

/// <summary>The programs of this tree, by their folders.</summary>
internal static class Programs
{
    /// <summary>The deployable.</summary>
    public const string Agent = "functions/Agent";

    /// <summary>A user's own agent.</summary>
    public const string OwnAgent = "samples/OwnAgent";

    /// <summary>A user's own tools for the agent that ships.</summary>
    public const string Tools = "samples/Tools";

    /// <summary>Tools of an MCP server.</summary>
    public const string McpTools = "samples/McpTools";

    /// <summary>A tool that needs the user's consent.</summary>
    public const string OAuthTool = "samples/OAuthTool";

    /// <summary>Extensions of the protocol as code.</summary>
    public const string Extensions = "samples/Extensions";

    /// <summary>A model behind a chat client.</summary>
    public const string ChatClientAgent = "samples/ChatClientAgent";

    /// <summary>A workflow of Microsoft Agent Framework.</summary>
    public const string AgentFramework = "samples/AgentFramework";

    /// <summary>Three agents in one program.</summary>
    public const string SeveralAgents = "samples/SeveralAgents";

    /// <summary>An agent that calls another one.</summary>
    public const string AgentCallsAgent = "samples/AgentCallsAgent";

    /// <summary>A caller that a webhook wakes.</summary>
    public const string SleepingCaller = "samples/SleepingCaller";

    /// <summary>Conversations that score an agent: a test project.</summary>
    public const string Evaluation = "samples/Evaluation";

    /// <summary>An ASP.NET Core application with an agent.</summary>
    public const string AspNetCoreSample = "samples/AspNetCore";

    /// <summary>An ASP.NET Core application with an agent whose tasks are in PostgreSQL.</summary>
    public const string PostgreSqlSample = "samples/PostgreSql";

    /// <summary>An agent that does what tests tell it to.</summary>
    public const string TestAgent = "tests/ServerlessA2A.TestAgent";
}
