namespace ServerlessA2A.Webhooks.Signing;

/// <summary>Deliveries without a signature: receivers know them by the token or the credentials that they have configured.</summary>
internal sealed class NoSignature : IWebhookSigner
{
    public ValueTask<string?> SignAsync(
        Uri audience, string agent, string taskId, long seq, ReadOnlyMemory<byte> body, CancellationToken cancellationToken) => default;
}
