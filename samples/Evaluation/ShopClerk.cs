using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Messages;

namespace Evaluation;

/// <summary>The agent that is evaluated unless another one is named: a clerk that needs no model.</summary>
internal sealed partial class ShopClerk : IAgent
{
    public async IAsyncEnumerable<AgentUpdate> RunAsync(AgentContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        var said = context.History.Where(message => message.Role == Role.User)
            .Select(message => string.Concat(message.Parts.Select(part => part.Text))).ToList();
        yield return said[0].Contains("cancel", StringComparison.OrdinalIgnoreCase)
            ? Cancel(said)
            : AgentUpdate.Artifact("answer", Answer(said[0].ToLower(CultureInfo.InvariantCulture)));
    }

    private static AgentUpdate Cancel(List<string> said)
    {
        if (said.Select(text => Number().Match(text)).FirstOrDefault(number => number.Success) is not { Value: var order })
            return AgentUpdate.Ask("What is the number of your order?");
        if (Number().IsMatch(said[^1]))
            return AgentUpdate.Ask($"Shall I cancel order {order}?");
        return AgentUpdate.Artifact(
            "answer", said[^1] == "yes" ? $"I have canceled order {order}." : $"Then order {order} stays as it is.");
    }

    private static string Answer(string question) => question switch
    {
        _ when question.Contains("sunday", StringComparison.Ordinal) => "No, on Sunday the shop is closed.",
        _ when question.Contains("open", StringComparison.Ordinal) => "We are open from 9 am to 6 pm, Monday to Saturday.",
        _ when question.Contains("return", StringComparison.Ordinal) => "Yes, you can return unused goods within 30 days.",
        _ when question.Contains("shipping", StringComparison.Ordinal) => "Shipping costs 5 euros; above 50 euros it costs nothing.",
        _ when Number().Match(question) is { Success: true } order => $"Order {order} is on its way. It arrives tomorrow.",
        _ => "I can help only with questions about the shop.",
    };

    [GeneratedRegex(@"\d+")]
    private static partial Regex Number();
}
