using Microsoft.Extensions.Logging;
using Npgsql;
using ServerlessA2A.PostgreSql.Connections;
using ServerlessA2A.Tasks;
using static ServerlessA2A.PostgreSql.Connections.Parameters;

namespace ServerlessA2A.PostgreSql.Tasks;

/// <summary>
/// Wakes those who watch a task or a queue. One connection of the process listens while anybody watches; what it hears is a hint, and
/// whoever is woken reads for itself. Notifications are lost while the connection is down and never arrive through a pooler in transaction
/// mode, so everybody also reads after <see cref="Interval"/>.
/// </summary>
internal sealed partial class Changes : IAsyncDisposable
{
    private static readonly TimeSpan ListeningInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ReadingInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// How long the connection hears nothing before it makes sure that it would, and closes when nobody watches any more.
    /// </summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    /// <summary>How long a notification of one's own may take to arrive. Where the first one does not, none will.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PauseWithoutNotifications = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Between this process's name and that of the task or queue: whether a chunk was appended, or anything else has changed.
    /// </summary>
    private const char Chunk = '+', Other = '.';

    private readonly Database _database;
    private readonly ILogger<Changes> _logger;

    /// <summary>Names this process in its notifications.</summary>
    private readonly string _process = $"{Guid.NewGuid():N}";

    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<Watch>> _watches = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();
    private Task _listening = Task.CompletedTask;
    private TaskCompletionSource? _heard;
    private string _expected = "";
    private volatile bool _isListening;
    private bool _hasSaidSo;
    private long _lastWatchAt;

    public Changes(Database database, ILogger<Changes> logger) => (_database, _logger) = (database, logger);

    /// <summary>After how long everybody reads, woken or not.</summary>
    public TimeSpan Interval => _isListening ? ListeningInterval : ReadingInterval;

    /// <summary>Whether notifications arrive.</summary>
    public bool IsListening => _isListening;

    /// <summary>Watches from now on, until the watch is disposed of.</summary>
    /// <param name="name">A task's id, or the name of a queue.</param>
    /// <param name="ignoresChunks">Whether appended chunks, which change nothing but the log, do not wake it.</param>
    public Watch Begin(string name, bool ignoresChunks = false)
    {
        var watch = new Watch(this, name, ignoresChunks);
        lock (_lock)
        {
            if (!_watches.TryGetValue(name, out var watches))
                _watches[name] = watches = [];
            watches.Add(watch);
            if (_listening.IsCompleted && !_stopping.IsCancellationRequested)
                _listening = Task.Run(ListenAsync);
        }

        return watch;
    }

    /// <summary>Wakes those in this process who watch it.</summary>
    public void Wake(string name, bool isChunk = false)
    {
        lock (_lock)
        {
            foreach (var watch in _watches.GetValueOrDefault(name, []))
            {
                if (!isChunk || !watch.IgnoresChunks)
                    watch.Wake();
            }
        }
    }

    /// <summary>
    /// The statement that wakes other processes, for the batch that changes something. This process does not listen to it, or whoever
    /// watches here would read twice: call <see cref="Wake"/> after the batch.
    /// </summary>
    public NpgsqlBatchCommand Notification(string name, bool isChunk = false) => new NpgsqlBatchCommand(TaskStatements.Notify)
        .With(Text(_database.Channel), Text($"{_process}{(isChunk ? Chunk : Other)}{name}"));

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        Task listening;
        lock (_lock)
            listening = _listening;
        await listening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private void WakeAll()
    {
        lock (_lock)
        {
            foreach (var watch in _watches.Values.SelectMany(watches => watches))
                watch.Wake();
        }
    }

    private void End(Watch watch)
    {
        lock (_lock)
        {
            if (_watches.TryGetValue(watch.Name, out var watches) && watches.Remove(watch) && watches.Count == 0)
                _watches.Remove(watch.Name);
            _lastWatchAt = Environment.TickCount64;
        }
    }

    private async Task ListenAsync()
    {
        for (var pause = FirstPause; !_stopping.IsCancellationRequested; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await using var connection = await _database.OpenUnpooledAsync(_stopping.Token);
                connection.Notification += (_, notification) => Hear(notification.Payload);
                await using (var listen = new NpgsqlCommand($"listen \"{_database.Channel}\"", connection))
                    await listen.ExecuteNonQueryAsync(_stopping.Token);
                if (await HearsAsync(connection))
                {
                    pause = FirstPause;
                    // What was appended before now was not heard.
                    WakeAll();
                    _isListening = true;
                    while (await connection.WaitAsync(Silence, _stopping.Token) || await HearsAsync(connection))
                    {
                        // Not at once: the next request would connect again.
                        if (IsUnwatchedSince(Silence) && EndIfUnwatched())
                            return;
                    }
                }
                else
                {
                    if (!_hasSaidSo)
                        NotificationsMissing(_logger, ReadingInterval);
                    _hasSaidSo = true;
                    pause = PauseWithoutNotifications;
                }
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure) when (failure is NpgsqlException or IOException or TimeoutException or OperationCanceledException or
                TaskStoreException or System.Net.Sockets.SocketException)
            {
                ListenerLost(_logger, failure);
            }
            finally
            {
                _isListening = false;
                // They read more often from now on.
                WakeAll();
            }

            if (EndIfUnwatched())
                return;
            await Task.Delay(pause, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Whether a notification that another connection sends arrives.</summary>
    private async Task<bool> HearsAsync(NpgsqlConnection connection)
    {
        var heard = new TaskCompletionSource();
        (_expected, _heard) = (Guid.NewGuid().ToString("N"), heard);
        await _database.CallAsync("send a notification", async (sender, cancellationToken) =>
        {
            await using var notify = new NpgsqlCommand(TaskStatements.Notify, sender)
                .With(Text(_database.Channel), Text(_expected));
            return await notify.ExecuteNonQueryAsync(cancellationToken);
        }, _stopping.Token);
        var deadline = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (!heard.Task.IsCompleted && Environment.TickCount64 < deadline)
            await connection.WaitAsync(TimeSpan.FromMilliseconds(Math.Max(1, deadline - Environment.TickCount64)), _stopping.Token);
        return heard.Task.IsCompleted;
    }

    private void Hear(string payload)
    {
        if (payload == _expected)
            _heard?.TrySetResult();
        else if (payload.Length > _process.Length && !payload.StartsWith(_process, StringComparison.Ordinal))
            Wake(StoredText.Unescape(payload[(_process.Length + 1)..]), payload[_process.Length] == Chunk);
    }

    private bool IsUnwatchedSince(TimeSpan silence)
    {
        lock (_lock)
            return _watches.Count == 0 && Environment.TickCount64 - _lastWatchAt > silence.TotalMilliseconds;
    }

    /// <summary>Ends listening where nobody watches: the next watch begins it again.</summary>
    private bool EndIfUnwatched()
    {
        lock (_lock)
        {
            if (_watches.Count > 0)
                return false;
            _listening = Task.CompletedTask;
            return true;
        }
    }

    [LoggerMessage(
        8000, LogLevel.Warning, "PostgreSQL notifications do not arrive (a pooler in transaction mode?); reading every {Interval} instead")]
    private static partial void NotificationsMissing(ILogger logger, TimeSpan interval);

    [LoggerMessage(8001, LogLevel.Debug, "PostgreSQL listener lost; connecting again, reading meanwhile")]
    private static partial void ListenerLost(ILogger logger, Exception exception);

    /// <summary>One who watches.</summary>
    internal sealed class Watch(Changes changes, string name, bool ignoresChunks) : IDisposable
    {
        private readonly SemaphoreSlim _woken = new(0);

        public string Name { get; } = name;

        public bool IgnoresChunks { get; } = ignoresChunks;

        /// <summary>Waits until it is time to read: woken, after <see cref="Interval"/>, or cancelled, which is no error.</summary>
        public async Task NextAsync(CancellationToken cancellationToken)
        {
            try
            {
                await _woken.WaitAsync(changes.Interval, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                // Its caller looks.
            }
        }

        /// <summary>Under the lock of all watches.</summary>
        public void Wake()
        {
            if (_woken.CurrentCount == 0)
                _woken.Release();
        }

        public void Dispose()
        {
            changes.End(this);
            _woken.Dispose();
        }
    }
}
