namespace ServerlessA2A.Functions.Tests.Support;

/// <summary>The programs of this build, by the names of their assemblies.</summary>
internal static class Programs
{
    /// <summary>What is deployed: functions/ServerlessA2A.Functions.</summary>
    public const string Functions = "ServerlessA2A.Functions";

    /// <summary>A user's own: tests/ServerlessA2A.SampleAgent.</summary>
    public const string SampleAgent = "ServerlessA2A.SampleAgent";

    /// <summary>A user's own tools for the agent that ships: tests/ServerlessA2A.SampleTools.</summary>
    public const string SampleTools = "ServerlessA2A.SampleTools";

    /// <summary>One that does what tests tell it to: tests/ServerlessA2A.TestAgent.</summary>
    public const string TestAgent = "ServerlessA2A.TestAgent";
}
