using System.Diagnostics;
using System.Threading.Channels;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.InMemory;

/// <summary>A queue for one process: the local run and tests. Requests wait, in the order they came, until somebody takes them.</summary>
internal sealed class InMemoryTaskQueue : ITaskQueue
{
    private readonly Channel<RunRequest> _requests = Channel.CreateUnbounded<RunRequest>();

    /// <inheritdoc/>
    public ValueTask PublishRunAsync(RunRequest request, CancellationToken cancellationToken) =>
        _requests.Writer.WriteAsync(
            Activity.Current is { } current ? request with { TraceParent = current.Id } : request, cancellationToken);

    /// <summary>Takes the requests as they come, each once, until cancelled.</summary>
    public IAsyncEnumerable<RunRequest> TakeAllAsync(CancellationToken cancellationToken) =>
        _requests.Reader.ReadAllAsync(cancellationToken);
}
