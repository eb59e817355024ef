namespace Google.Cloud.Firestore;

internal sealed record QueryFilter(FieldPath Field, FilterOperator Operator, object? Value);
