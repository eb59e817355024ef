namespace ServerlessA2A.Webhooks.Signing;

/// <summary>Signs deliveries: the port behind which keys are.</summary>
internal interface IWebhookSigner
{
    /// <summary>A token for one delivery; null where deliveries are not signed.</summary>
    /// <param name="audience">The webhook's address.</param>
    /// <param name="agent">The name of the agent that it is from; empty for the one without a name.</param>
    /// <param name="taskId">The task that it is about.</param>
    /// <param name="seq">The number of the event, as the Idempotency-Key has it.</param>
    /// <param name="body">What is delivered: the token vouches for it where it can.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<string?> SignAsync(
        Uri audience, string agent, string taskId, long seq, ReadOnlyMemory<byte> body, CancellationToken cancellationToken);
}
