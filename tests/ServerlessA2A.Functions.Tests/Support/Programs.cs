namespace ServerlessA2A.Functions.Tests.Support;

/// <summary>The programs of this tree, by their folders.</summary>
internal static class Programs
{
    /// <summary>The deployable.</summary>
    public const string Agent = "functions/Agent";

    /// <summary>A user's own agent.</summary>
    public const string SampleAgent = "tests/ServerlessA2A.SampleAgent";

    /// <summary>A user's own tools for the agent that ships.</summary>
    public const string SampleTools = "tests/ServerlessA2A.SampleTools";

    /// <summary>An ASP.NET Core application with an agent.</summary>
    public const string AspNetCoreSample = "samples/AspNetCore";

    /// <summary>An agent that does what tests tell it to.</summary>
    public const string TestAgent = "tests/ServerlessA2A.TestAgent";
}
