using System.ComponentModel;
using ServerlessA2A.Chat.Tools;

namespace ChatClientAgent;

public static class Orders
{
    [Description("Cancels an order.")]
    public static string Cancel(int number, ToolContext tool) => tool.Answer switch
    {
        null => throw tool.Ask($"Shall I cancel the order {number}?"), // The task becomes INPUT_REQUIRED; Cancel runs again.
        var answer when answer.StartsWith("yes", StringComparison.OrdinalIgnoreCase) => $"The order {number} is canceled.",
        var answer => $"The user says: {answer}",
    };
}
