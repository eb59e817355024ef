namespace Google.Cloud.Firestore;

internal sealed record QueryOrder(FieldPath Field, bool Descending);
