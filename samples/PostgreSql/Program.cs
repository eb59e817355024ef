using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using ServerlessA2A.Agents;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddServerlessA2A(builder.Configuration)
    .AddPostgreSqlTasks(builder.Configuration).AddPostgreSqlQueue().AddAgent<CountingAgent>();
builder.Services.AddHealthChecks().AddA2A();

var app = builder.Build();
await app.Services.MigratePostgreSqlTasksAsync();
app.MapA2A("/agents/counting");
app.MapA2AHealthChecks();
await app.RunAsync();

/// <summary>Counts to the number in the message. If its process dies, another one continues from the last checkpoint.</summary>
internal sealed class CountingAgent : IAgent
{
    public async IAsyncEnumerable<AgentUpdate> RunAsync(
        AgentContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!int.TryParse(context.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var last) || last == 0)
        {
            yield return AgentUpdate.Reject("Send a number, such as 30.");
            yield break;
        }

        var counted = context.Checkpoint is { } saved ? int.Parse(Encoding.UTF8.GetString(saved.Span), CultureInfo.InvariantCulture) : 0;
        while (counted < last)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken); // Call a model, a tool or another agent here.
            counted++;
            yield return AgentUpdate.Append("count", $"{counted} ", lastChunk: counted == last);
            yield return AgentUpdate.SaveCheckpoint($"{counted}");
        }
    }
}
