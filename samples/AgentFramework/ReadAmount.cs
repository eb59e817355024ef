using System.Globalization;
using Microsoft.Agents.AI.Workflows;
using Microsoft.Extensions.AI;

namespace AgentFramework;

/// <summary>The first step: sends the amount to the booking, or a question to the client.</summary>
internal sealed class ReadAmount() : ChatProtocolExecutor("read")
{
    protected override ProtocolBuilder ConfigureProtocol(ProtocolBuilder protocolBuilder) =>
        base.ConfigureProtocol(protocolBuilder).SendsMessage<decimal>().SendsMessage<string>().YieldsOutput<string>();

    protected override async ValueTask TakeTurnAsync(
        List<ChatMessage> messages, IWorkflowContext context, bool? emitEvents, CancellationToken cancellationToken = default)
    {
        // The turn after the client's confirmation brings no message.
        if (messages.Count == 0)
            return;
        if (!decimal.TryParse(messages[^1].Text, CultureInfo.InvariantCulture, out var amount))
            await context.YieldOutputAsync("Send an amount, such as 42.", cancellationToken);
        else if (amount <= 100)
            await context.SendMessageAsync(amount, cancellationToken);
        else
            await context.SendMessageAsync($"{messages[^1].Text} is a lot. Book it?", cancellationToken);
    }
}
