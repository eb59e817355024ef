namespace Google.Cloud.Firestore;

internal enum SentinelKind
{
    Delete,
    ServerTimestamp,
    Increment,
    ArrayUnion,
    ArrayRemove,
}
