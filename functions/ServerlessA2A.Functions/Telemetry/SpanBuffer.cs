using System.Collections.Concurrent;
using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace ServerlessA2A.Functions.Telemetry;

/// <summary>
/// Keeps ended spans until a request flushes them, and at the latest for the scheduled delay. A flush exports them itself and ends when the
/// receiver has answered. That of OpenTelemetry's own batches waits for another thread, and by a race sometimes for a second too long.
/// </summary>
internal sealed class SpanBuffer : BaseExportProcessor<Activity>
{
    private readonly BatchExportActivityProcessorOptions _options;
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly Lock _exporting = new();
    private readonly ITimer _timer;

    /// <param name="exporter">Sends batches of spans.</param>
    /// <param name="options">The sizes and the delay; the variables <c>OTEL_BSP_…</c> set them.</param>
    /// <param name="time">The clock of the delay.</param>
    public SpanBuffer(BaseExporter<Activity> exporter, BatchExportActivityProcessorOptions options, TimeProvider time)
        : base(exporter)
    {
        _options = options;
        var delay = TimeSpan.FromMilliseconds(options.ScheduledDelayMilliseconds);
        _timer = time.CreateTimer(_ => ForceFlush(0), null, delay, delay);
    }

    /// <inheritdoc/>
    protected override void OnExport(Activity data)
    {
        // A gRPC call has a span already, with a name and an outcome that say more than those of the HTTP request that it is made of.
        var isOfGrpc = data is { Source.Name: "System.Net.Http", Parent.OperationName: "Grpc.Net.Client.GrpcOut" };
        if (data.Recorded && !isOfGrpc && _ended.Count < _options.MaxQueueSize)
            _ended.Enqueue(data);
    }

    /// <inheritdoc/>
    protected override bool OnForceFlush(int timeoutMilliseconds)
    {
        if (_ended.IsEmpty)
            return true;
        if (!_exporting.TryEnter(timeoutMilliseconds))
            return false;
        try
        {
            var isExported = true;
            while (TakeBatch() is { Length: > 0 } batch)
                isExported &= exporter.Export(new Batch<Activity>(batch, batch.Length)) == ExportResult.Success;
            return isExported;
        }
        finally
        {
            _exporting.Exit();
        }
    }

    /// <inheritdoc/>
    protected override bool OnShutdown(int timeoutMilliseconds)
    {
        _timer.Dispose();
        return OnForceFlush(timeoutMilliseconds) & base.OnShutdown(timeoutMilliseconds);
    }

    private Activity[] TakeBatch()
    {
        var batch = new List<Activity>();
        while (batch.Count < _options.MaxExportBatchSize && _ended.TryDequeue(out var span))
            batch.Add(span);
        return [.. batch];
    }
}
