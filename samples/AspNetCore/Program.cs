using System.Runtime.CompilerServices;
using ServerlessA2A.Agents;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddServerlessA2A(builder.Configuration).AddInMemoryTasks(builder.Configuration).AddAgent<EchoAgent>();
builder.Services.AddHealthChecks().AddA2A();

var app = builder.Build();
app.MapGet("/", () => Results.Content(
    "<h1>Shop</h1><p>The agent's card: <a href='/agents/echo/.well-known/agent-card.json'>echo</a></p>", "text/html"));
app.MapA2A("/agents/echo");
app.MapA2AHealthChecks();
app.Run();

/// <summary>Echoes the message, word by word.</summary>
internal sealed class EchoAgent : IAgent
{
    // Stream starts the answer anew; Append would extend that of an earlier run of the task.
    public IAsyncEnumerable<AgentUpdate> RunAsync(AgentContext context, CancellationToken cancellationToken) =>
        AgentUpdate.Stream("echo", WordsAsync(context.Text, cancellationToken), cancellationToken);

    private static async IAsyncEnumerable<string> WordsAsync(string text, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var word in text.Split(' '))
        {
            yield return word + " ";
            await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken); // Call a model, a tool or another agent here.
        }
    }
}
