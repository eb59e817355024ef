using static Google.Cloud.Firestore.V1.StructuredQuery.Types;

namespace Google.Cloud.Firestore;

internal sealed record QueryOrder(FieldPath Field, bool Descending)
{
    public Order ToProto() => new() { Field = QueryShape.Reference(Field), Direction = Descending ? Direction.Descending : Direction.Ascending };
}
