using Wkt = Google.Protobuf.WellKnownTypes;

namespace Google.Cloud.Firestore;

/// <summary>A point in time with nanoseconds, of which a stored value keeps the microseconds.</summary>
public struct Timestamp : IEquatable<Timestamp>, IComparable, IComparable<Timestamp>
{
    private const long MinSeconds = -62135596800;
    private const long MaxSeconds = 253402300799;

    internal Timestamp(long seconds, int nanoseconds)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(seconds, MinSeconds);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(seconds, MaxSeconds);
        ArgumentOutOfRangeException.ThrowIfNegative(nanoseconds);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(nanoseconds, 999_999_999);
        (Seconds, Nanoseconds) = (seconds, nanoseconds);
    }

    /// <summary>Since 1970.</summary>
    internal long Seconds { get; }

    /// <summary>Within the second, never negative.</summary>
    internal int Nanoseconds { get; }

    public static bool operator ==(Timestamp lhs, Timestamp rhs) => lhs.Equals(rhs);

    public static bool operator !=(Timestamp lhs, Timestamp rhs) => !lhs.Equals(rhs);

    public static bool operator <(Timestamp lhs, Timestamp rhs) => lhs.CompareTo(rhs) < 0;

    public static bool operator <=(Timestamp lhs, Timestamp rhs) => lhs.CompareTo(rhs) <= 0;

    public static bool operator >(Timestamp lhs, Timestamp rhs) => lhs.CompareTo(rhs) > 0;

    public static bool operator >=(Timestamp lhs, Timestamp rhs) => lhs.CompareTo(rhs) >= 0;

    /// <param name="dateTime">Of kind UTC.</param>
    public static Timestamp FromDateTime(DateTime dateTime)
    {
        if (dateTime.Kind != DateTimeKind.Utc)
            throw new ArgumentException("Conversion from DateTime to Timestamp requires the DateTime kind to be Utc", nameof(dateTime));
        var (seconds, ticks) = Math.DivRem(dateTime.Ticks, TimeSpan.TicksPerSecond);
        return new(seconds + MinSeconds, (int)ticks * 100);
    }

    public static Timestamp FromDateTimeOffset(DateTimeOffset dateTimeOffset) => FromDateTime(dateTimeOffset.UtcDateTime);

    public static Timestamp FromProto(Wkt.Timestamp proto)
    {
        ArgumentNullException.ThrowIfNull(proto);
        return new(proto.Seconds, proto.Nanos);
    }

    public static Timestamp GetCurrentTimestamp() => FromDateTime(DateTime.UtcNow);

    /// <summary>In UTC; what is finer than 100 ns is cut off.</summary>
    public DateTime ToDateTime() => DateTime.UnixEpoch.AddSeconds(Seconds).AddTicks(Nanoseconds / 100);

    public DateTimeOffset ToDateTimeOffset() => new(ToDateTime(), TimeSpan.Zero);

    public Wkt.Timestamp ToProto() => new() { Seconds = Seconds, Nanos = Nanoseconds };

    public bool Equals(Timestamp other) => Seconds == other.Seconds && Nanoseconds == other.Nanoseconds;

    public override bool Equals(object? obj) => obj is Timestamp other && Equals(other);

    public int CompareTo(Timestamp other) => (Seconds, Nanoseconds).CompareTo((other.Seconds, other.Nanoseconds));

    public int CompareTo(object? obj) => obj switch
    {
        null => 1,
        Timestamp other => CompareTo(other),
        _ => throw new ArgumentException("Can only compare timestamps with each other", nameof(obj)),
    };

    public override int GetHashCode() => HashCode.Combine(Seconds, Nanoseconds);

    public override string ToString() => $"Timestamp: {ToProto().ToString().Trim('"')}";
}
