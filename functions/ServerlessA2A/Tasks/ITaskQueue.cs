namespace ServerlessA2A.Tasks;

/// <summary>Where work waits for a worker. Delivery is at least once, in any order.</summary>
public interface ITaskQueue
{
    /// <summary>Asks for a run of the task. A publish that fails throws <see cref="TaskStoreException"/>.</summary>
    ValueTask PublishRunAsync(RunRequest request, CancellationToken cancellationToken);
}
