using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Tasks.Operations;

namespace ServerlessA2A.Bindings.Streams;

/// <summary>One event stream: sends items as they come, those that are there at the same moment together, and a comment into each long silence.</summary>
internal sealed class EventStream(Exchange exchange, IAsyncEnumerator<StreamItem> items, TimeSpan keepAliveInterval, TimeProvider time)
    : IAsyncDisposable
{
    /// <summary>How much is gathered before it is sent, though more is there already.</summary>
    private const int LargestBatch = 32 * 1024;

    private Task<bool>? _next;
    private PeriodicTimer? _timer;
    private Task<bool>? _tick;

    /// <summary>Sends items until there are no more, or nobody is there to read them.</summary>
    /// <param name="first">Whether there is a first one, which is the current one then. While that is unknown, comments are sent.</param>
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
                // A task that is quickly done says much at once: each turn given to it saves a packet.
                while (buffer.Written.Length < LargestBatch && await HasComeAsync())
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

    /// <summary>Ends the stream. An item that is still waited for is given up, since its source cannot be left in the middle of it.</summary>
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

    /// <summary>Writes the current item and those that are there already.</summary>
    /// <returns>Whether there is another one; where that is not known yet, <see cref="_next"/> will tell.</returns>
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
            if (buffer.Written.Length >= LargestBatch)
                return true;
        }
    }

    /// <summary>Gives the others a turn, and takes what has come in it.</summary>
    private async ValueTask<bool> HasComeAsync()
    {
        if (_next is not { } next)
            return false;
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

    /// <summary>Counts the silence from now on. Streams that never wait have no timer.</summary>
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
