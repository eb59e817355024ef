using ServerlessA2A.Client.Webhooks;

namespace ServerlessA2A.Client.AspNetCore;

/// <summary>
/// Handles the events of each task one after the other, and each of them once. An agent sends the next event only after the last one was
/// accepted, so one with a lower number is a repeat. The least recently used tasks are forgotten.
/// </summary>
internal sealed class EventOrder(int mostTasks = 10_000)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<Known>> _tasks = [];
    private readonly LinkedList<Known> _byUse = [];

    /// <summary>Hands an event to the handler; false for a repeat, which is dropped.</summary>
    public async Task<bool> RunAsync(
        WebhookEvent received, Func<WebhookEvent, CancellationToken, Task> handler, CancellationToken cancellationToken)
    {
        var task = Use(received.TaskId);
        try
        {
            await task.Turn.WaitAsync(cancellationToken);
            try
            {
                if (task.Has(received)) return false;
                await handler(received, cancellationToken);
                task.Add(received);
                return true;
            }
            finally
            {
                task.Turn.Release();
            }
        }
        finally
        {
            Release(task);
        }
    }

    private Known Use(string taskId)
    {
        lock (_gate)
        {
            if (_tasks.TryGetValue(taskId, out var node)) _byUse.Remove(node);
            else _tasks[taskId] = node = new(new Known(taskId));
            _byUse.AddLast(node);
            node.Value.Users++;
            return node.Value;
        }
    }

    private void Release(Known task)
    {
        lock (_gate)
        {
            task.Users--;
            for (var oldest = _byUse.First; oldest is not null && _tasks.Count > mostTasks;)
            {
                var next = oldest.Next;
                if (oldest.Value.Users == 0)
                {
                    _byUse.Remove(oldest);
                    _tasks.Remove(oldest.Value.TaskId);
                }

                oldest = next;
            }
        }
    }

    /// <summary>What was received of a task. Two webhooks of one task have the same numbers, and the same events.</summary>
    private sealed class Known(string taskId)
    {
        private long _last = -1;
        private string? _lastKey;

        public string TaskId => taskId;

        public int Users { get; set; }

        public SemaphoreSlim Turn { get; } = new(1);

        public bool Has(WebhookEvent received) =>
            received.Number is { } number ? number <= _last : received.Key is not null && received.Key == _lastKey;

        public void Add(WebhookEvent received) => (_last, _lastKey) = (received.Number ?? _last, received.Key ?? _lastKey);
    }
}
