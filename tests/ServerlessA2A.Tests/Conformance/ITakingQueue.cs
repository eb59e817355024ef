using ServerlessA2A.Tasks;

namespace ServerlessA2A.Tests.Conformance;

/// <summary>A queue with the other end, which in the cloud is a function's trigger.</summary>
public interface ITakingQueue : ITaskQueue
{
    /// <summary>Takes a request that was published, when there is one, and acknowledges it.</summary>
    Task<RunRequest> TakeAsync(CancellationToken cancellationToken);
}
