using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ServerlessA2A.Security;
using ServerlessA2A.Security.Limits;
using ServerlessA2A.Telemetry;

namespace ServerlessA2A.Tasks.Running;

/// <summary>
/// Keeps turns of this process free for other tenants (<see cref="LimitOptions.RunningTasks"/>): a request of a tenant that has all its
/// turns is set aside at once, so that those behind it in the queue get theirs. While the tenant has free turns here, requests that were
/// set aside are published again, one for each.
/// </summary>
/// <remarks>
/// Requests that are set aside are in memory only. The sweep requests those again that were lost with the process, or that no delivery of
/// their tenant came to remind of.
/// </remarks>
internal sealed class RunTurns(
    ITaskStore store, RunRequests requests, TimeProvider time, IOptions<LimitOptions> options, ILogger<RunTurns> logger)
{
    /// <summary>How many requests are set aside; further ones are left to the sweep.</summary>
    private const int Capacity = 10_000;

    /// <summary>
    /// How long a free turn waits for the request that was published for it. That request may reach another instance, which sets it aside;
    /// then the next one is published.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Tenant> _tenants = new(StringComparer.Ordinal);
    private int _waiting;

    private int Limit => options.Value.RunningTasks;

    /// <summary>Begins the delivery of a request. Dispose of it when the delivery ends.</summary>
    public RunTurn Begin(RunRequest request) => new(this, request);

    /// <summary>Takes a turn; false where the request was set aside.</summary>
    private bool TryTake(string name, RunRequest request)
    {
        lock (_lock)
        {
            if (!_tenants.TryGetValue(name, out var tenant))
                _tenants[name] = tenant = new Tenant();
            if (tenant.Running < Limit)
            {
                tenant.Running++;
                tenant.Published.TryDequeue(out _);
                return true;
            }

            if (_waiting < Capacity && tenant.WaitingIds.Add(request.TaskId))
            {
                tenant.Waiting.Enqueue(request);
                _waiting++;
            }
        }

        TaskLogMessages.RunSetAside(logger, request.TaskId);
        return false;
    }

    private async ValueTask EndAsync(string name, bool hadTurn)
    {
        if (hadTurn)
        {
            lock (_lock)
                _tenants[name].Running--;
        }

        while (Next(name) is { } request)
        {
            try
            {
                // The sweep may have requested it as well, and another instance may have run it.
                if (await store.ReadAsync(owner: null, request.TaskId, CancellationToken.None) is { } task &&
                    task.NeedsRun(time.GetUtcNow()))
                {
                    using (EngineSpans.StartSwept("set_aside", request.TaskId, task.TraceParent))
                        await requests.ContinueAsync(request, CancellationToken.None);
                }
                else
                {
                    Skip(name);
                }
            }
            catch (TaskStoreException failure)
            {
                TaskLogMessages.RunNotRequestedAgain(logger, failure, request.TaskId);
            }
        }
    }

    /// <summary>The next request to publish, for a free turn that none was published for.</summary>
    private RunRequest? Next(string name)
    {
        lock (_lock)
        {
            if (!_tenants.TryGetValue(name, out var tenant))
                return null;
            var now = time.GetTimestamp();
            while (tenant.Published.TryPeek(out var at) && time.GetElapsedTime(at, now) >= Patience)
                tenant.Published.Dequeue();
            if (tenant.Running + tenant.Published.Count < Limit && tenant.Waiting.TryDequeue(out var request))
            {
                tenant.WaitingIds.Remove(request.TaskId);
                _waiting--;
                tenant.Published.Enqueue(now);
                return request;
            }

            if (tenant is { Running: 0, Waiting.Count: 0 })
                _tenants.Remove(name);
            return null;
        }
    }

    private void Skip(string name)
    {
        lock (_lock)
        {
            if (_tenants.TryGetValue(name, out var tenant))
                tenant.Published.TryDequeue(out _);
        }
    }

    /// <summary>One delivery of a request: with a turn, or without one.</summary>
    internal sealed class RunTurn(RunTurns turns, RunRequest request) : IAsyncDisposable
    {
        private string? _tenant;
        private bool _hasTurn;

        /// <summary>
        /// Whether the delivery has a turn of its tenant, or of its caller in the default tenant. Where there is no limit each has one.
        /// </summary>
        public bool TryTake(string owner)
        {
            if (turns.Limit == 0 || _hasTurn)
                return true;
            _tenant = Caller.TenantOrOwnerOf(owner);
            return _hasTurn = turns.TryTake(_tenant, request);
        }

        public async ValueTask DisposeAsync()
        {
            if (_tenant is { } tenant)
                await turns.EndAsync(tenant, _hasTurn);
        }
    }

    private sealed class Tenant
    {
        public int Running { get; set; }

        public Queue<RunRequest> Waiting { get; } = new();

        public HashSet<string> WaitingIds { get; } = new(StringComparer.Ordinal);

        /// <summary>When requests were published for turns that are still free, as timestamps of the clock.</summary>
        public Queue<long> Published { get; } = new();
    }
}
