using System.Diagnostics;
using System.Threading.Channels;
using ServerlessA2A.Webhooks;

namespace ServerlessA2A.InMemory;

/// <summary>A queue for one process: the local run and tests. What is buried is kept nowhere: that it was is logged.</summary>
internal sealed class InMemoryDeliveryQueue : IDeliveryQueue
{
    private readonly Channel<DeliveryRequest> _requests = Channel.CreateUnbounded<DeliveryRequest>();

    /// <inheritdoc/>
    public ValueTask PublishAsync(DeliveryRequest request, CancellationToken cancellationToken) =>
        _requests.Writer.WriteAsync(
            Activity.Current is { } current ? request with { TraceParent = current.Id } : request, cancellationToken);

    /// <inheritdoc/>
    public ValueTask BuryAsync(DeadDelivery delivery, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>Takes the notifications as they come, each once, until cancelled.</summary>
    public IAsyncEnumerable<DeliveryRequest> TakeAllAsync(CancellationToken cancellationToken) =>
        _requests.Reader.ReadAllAsync(cancellationToken);
}
