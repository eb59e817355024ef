using System.Diagnostics.Metrics;

namespace ServerlessA2A.GoogleCloud.Tests.Firestore;

/// <summary>What Firestore would bill from now on, as the store's own meter counts it: for the whole process.</summary>
internal sealed class Bill : IDisposable
{
    private readonly MeterListener _meter = new();
    private long _reads;
    private long _writes;

    public Bill()
    {
        _meter.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == GoogleCloudTelemetry.Name)
                listener.EnableMeasurementEvents(instrument);
        };
        _meter.SetMeasurementEventCallback<long>((instrument, value, _, _) =>
        {
            if (instrument.Name == "a2a.firestore.document.reads")
                Interlocked.Add(ref _reads, value);
            if (instrument.Name == "a2a.firestore.document.writes")
                Interlocked.Add(ref _writes, value);
        });
        _meter.Start();
    }

    /// <summary>Documents read.</summary>
    public long Reads => Volatile.Read(ref _reads);

    /// <summary>Documents written.</summary>
    public long Writes => Volatile.Read(ref _writes);

    public void Dispose() => _meter.Dispose();
}
