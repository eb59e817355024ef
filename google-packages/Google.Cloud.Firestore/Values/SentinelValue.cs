namespace Google.Cloud.Firestore;

/// <summary>What <see cref="FieldValue"/> gives.</summary>
internal sealed record SentinelValue(SentinelKind Kind, object? Operand)
{
    public static readonly SentinelValue Delete = new(SentinelKind.Delete, null);
    public static readonly SentinelValue ServerTimestamp = new(SentinelKind.ServerTimestamp, null);
}
