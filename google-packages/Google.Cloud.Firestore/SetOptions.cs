namespace Google.Cloud.Firestore;

/// <summary>What becomes of fields that are not among those being set.</summary>
public sealed class SetOptions
{
    private SetOptions(bool merge) => Merge = merge;

    /// <summary>They go. The default.</summary>
    public static SetOptions Overwrite { get; } = new(false);

    /// <summary>They stay.</summary>
    public static SetOptions MergeAll { get; } = new(true);

    public bool Merge { get; }
}
