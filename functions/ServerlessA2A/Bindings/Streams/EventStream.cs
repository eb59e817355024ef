using ServerlessA2A.Bindings.Http;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Tasks.Operations;

namespace ServerlessA2A.Bindings.Streams;

/// <summary>
/// One event stream: sends items as they come, those that are ready at the same moment together, and a comment into each long silence.
/// </summary>
internal sealed class EventStream(JsonExchange exchange, IAsyncEnumerator<StreamItem> items, TimeSpan keepAliveInterval, TimeProvider time)
    : IAsyncDisposable
{
    private Task<bool>? _next;
    private PeriodicTimer? _timer;
    private Task<bool>? _tick;

    /// <summary>Sends items until there are no more, or the client has disconnected.</summary>
    /// <param name="first">Whether there is a first item, which is then the current one. Until that is known, comments are sent.</param>
    public async Task CopyAsync(Task<bool> first)
    {
        _next = first;
        if (!first.IsCompleted && !await SendAsync(EventText.KeepAlive))
            return;
        var more = await WaitAsync(first);
        while (more)
        {
            using (var buffer = JsonBuffer.Rent())
            {
                more = Gather(buffer);
                while (buffer.Written.Length < Batch.LargestSize && await HasComeAsync())
                    more = Gather(buffer);
                if (!await SendAsync(buffer.Written))
                    return;
            }

            if (_next is not null)
                more = await WaitAsync(_next);
        }
    }

    /// <summary>Sends an error as the last event.</summary>
    public async Task FailAsync(A2AException error)
    {
        using var buffer = JsonBuffer.Rent();
        EventText.AppendError(buffer, exchange.Envelope, error);
        await SendAsync(buffer.Written);
    }

    /// <summary>
    /// Ends the stream. A pending item is aborted, because its source cannot be disposed of while it is read.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        _timer?.Dispose();
        if (_next is not null)
        {
            exchange.Http.Abort();
            await ((Task)_next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await items.DisposeAsync();
    }

    /// <summary>Writes the current item and those that are ready.</summary>
    /// <returns>Whether there is another item; while that is unknown, <see cref="_next"/> is pending.</returns>
    private bool Gather(JsonBuffer buffer)
    {
        while (true)
        {
            EventText.Append(buffer, exchange, items.Current);
            var next = items.MoveNextAsync();
            if (!next.IsCompletedSuccessfully)
            {
                _next = next.AsTask();
                return false;
            }

            if (!next.Result)
                return false;
            if (buffer.Written.Length >= Batch.LargestSize)
                return true;
        }
    }

    /// <summary>Gives the task its turns, and takes an item that has come meanwhile.</summary>
    private async ValueTask<bool> HasComeAsync()
    {
        if (_next is not { } next)
            return false;
        for (var turn = 0; turn < Batch.Turns && !next.IsCompleted; turn++)
            await Task.Yield();
        if (next is not { IsCompletedSuccessfully: true, Result: true })
            return false;
        _next = null;
        return true;
    }

    private async ValueTask<bool> SendAsync(ReadOnlyMemory<byte> events)
    {
        var result = await exchange.Http.Response.BodyWriter.WriteAsync(events);
        return !result.IsCompleted;
    }

    private async ValueTask<bool> WaitAsync(Task<bool> next)
    {
        if (!next.IsCompleted)
        {
            RestartTimer();
            while (await Task.WhenAny(next, _tick!) != next)
            {
                if (!await SendAsync(EventText.KeepAlive))
                    return false;
                RestartTimer();
            }
        }

        _next = null;
        return await next;
    }

    /// <summary>Restarts the silence. Streams that never wait have no timer.</summary>
    private void RestartTimer()
    {
        if (_timer is null)
            _timer = new PeriodicTimer(keepAliveInterval, time);
        else
            _timer.Period = keepAliveInterval;
        if (_tick is not { IsCompleted: false })
            _tick = _timer.WaitForNextTickAsync().AsTask();
    }
}
