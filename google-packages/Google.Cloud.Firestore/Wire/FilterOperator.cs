namespace Google.Cloud.Firestore;

/// <summary>With protobuf's numbers.</summary>
internal enum FilterOperator
{
    LessThan = 1,
    LessThanOrEqual = 2,
    GreaterThan = 3,
    GreaterThanOrEqual = 4,
    Equal = 5,
    In = 8,
}
