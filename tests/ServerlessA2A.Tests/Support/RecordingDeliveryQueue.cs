using ServerlessA2A.Webhooks;

namespace ServerlessA2A.Tests.Support;

/// <summary>Keeps what is published; whoever wants it delivered takes it.</summary>
public sealed class RecordingDeliveryQueue : IDeliveryQueue
{
    private readonly Queue<DeliveryRequest> _waiting = [];

    public List<DeliveryRequest> Published { get; } = [];

    public List<DeadDelivery> Buried { get; } = [];

    public ValueTask PublishAsync(DeliveryRequest request, CancellationToken cancellationToken)
    {
        // As every queue does.
        request = request with { TraceParent = System.Diagnostics.Activity.Current?.Id };
        lock (Published)
        {
            Published.Add(request);
            _waiting.Enqueue(request);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask BuryAsync(DeadDelivery delivery, CancellationToken cancellationToken)
    {
        lock (Published)
            Buried.Add(delivery);
        return ValueTask.CompletedTask;
    }

    /// <summary>The next one; null where there is none.</summary>
    public DeliveryRequest? Take()
    {
        lock (Published)
            return _waiting.TryDequeue(out var next) ? next : null;
    }
}
