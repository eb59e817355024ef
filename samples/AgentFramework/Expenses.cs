using System.Globalization;
using Microsoft.Agents.AI.Workflows;

namespace AgentFramework;

/// <summary>A workflow of Microsoft Agent Framework: it reads an amount, asks for a confirmation if it is large, and books it.</summary>
public static class Expenses
{
    /// <summary>Builds the workflow: a new one for each run.</summary>
    public static Workflow Workflow()
    {
        var read = new ReadAmount();
        var confirm = RequestPort.Create<string, bool>("confirm");
        var decide = new FunctionExecutor<bool, string>(
            "decide", (isConfirmed, _, _) => isConfirmed ? "Booked after your confirmation." : "Not booked.");
        var book = new FunctionExecutor<decimal, string>(
            "book", (amount, _, _) => string.Create(CultureInfo.InvariantCulture, $"Booked {amount}."));
        return new WorkflowBuilder(read)
            .AddEdge(read, book)
            .AddEdge(read, confirm)
            .AddEdge(confirm, decide)
            .WithOutputFrom(read, book, decide)
            .Build();
    }
}
