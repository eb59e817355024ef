namespace ServerlessA2A.Functions.Local;

/// <summary>What the local host says when it is ready: each function with its trigger and address.</summary>
internal static class Banner
{
    public static void Write(TextWriter output, string address)
    {
        address = address.TrimEnd('/');
        output.WriteLine();
        output.WriteLine("Functions:");
        output.WriteLine();
        output.WriteLine($"  {nameof(AgentCardFunction)}: [GET] {address}/.well-known/agent-card.json");
        output.WriteLine($"  {nameof(MessageFunction)}:   [GET,POST,DELETE] {address}/");
        output.WriteLine($"  {nameof(RunTaskFunction)}:   [Pub/Sub] a2a-tasks");
        output.WriteLine();
        output.WriteLine("Tasks are kept in memory and end with this process. Press Ctrl+C to stop.");
    }
}
