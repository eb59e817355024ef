using Microsoft.Agents.AI;
using Microsoft.Agents.AI.Workflows;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Functions;

namespace ServerlessA2A.TestAgent.Travel;

/// <summary>The agents that travel: a ChatAgent, an AIAgent and a workflow, over the same scripted model and the same journal.</summary>
public static class Travels
{
    /// <summary>Adds the three agents, and the one that leaves each journey to one of them.</summary>
    /// <param name="builder">The program.</param>
    /// <param name="journal">The address of the journal's recorder.</param>
    public static void AddTravels(this A2AFunctionsBuilder builder, string journal)
    {
        builder.Services.AddSingleton(new Journal(new Uri(journal)));
        builder.AddAgent<TravelAgent>();
        builder.AddChatAgent("chat", services => new TravelModel(services.GetRequiredService<Journal>()));
        builder.Services.AddAgentTool(VisitAsync, "visit");
        AITool[] tools =
        [
            AIFunctionFactory.Create(VisitAsync, "visit"),
            new ApprovalRequiredAIFunction(AIFunctionFactory.Create(VisitAsync, "depart")),
        ];
        builder.Services.AddAgent("framework", services => new ChatClientAgent(
            new TravelModel(services.GetRequiredService<Journal>()), "Travel.", tools: tools, services: services));
        // In lockstep each step is saved before the next one begins.
        builder.Services.AddAgent("workflow", services => TravelWorkflow.Create(services.GetRequiredService<Journal>())
            .AsAIAgent(executionEnvironment: InProcessExecution.Lockstep));
    }

    private static async Task<int> VisitAsync(
        int journey, int place, string call, int pause, IServiceProvider services, CancellationToken cancellationToken)
    {
        await services.GetRequiredService<Journal>().VisitAsync(
            journey, place, call, TimeSpan.FromMilliseconds(pause), cancellationToken);
        return place;
    }
}
