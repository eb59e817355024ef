namespace Google.Cloud.Firestore;

/// <summary>What must hold for a write to happen.</summary>
public sealed class Precondition
{
    private Precondition(Timestamp? lastUpdateTime, bool? exists) => (LastUpdateTime, Exists) = (lastUpdateTime, exists);

    public static Precondition None { get; } = new(null, null);

    public static Precondition MustExist { get; } = new(null, true);

    public Timestamp? LastUpdateTime { get; }

    public bool? Exists { get; }

    internal static Precondition MustNotExist { get; } = new(null, false);

    /// <summary>Null where nothing must hold.</summary>
    internal V1.Precondition? ToProto() =>
        LastUpdateTime is { } time ? new() { UpdateTime = time.ToProto() }
        : Exists is { } exists ? new() { Exists = exists }
        : null;

    /// <summary>The document exists and was last written at that time.</summary>
    public static Precondition LastUpdated(Timestamp timestamp) => new(timestamp, null);
}
