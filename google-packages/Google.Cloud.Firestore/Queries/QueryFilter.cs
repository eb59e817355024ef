using static Google.Cloud.Firestore.V1.StructuredQuery.Types;

namespace Google.Cloud.Firestore;

internal sealed record QueryFilter(FieldPath Field, FieldFilter.Types.Operator Operator, object? Value)
{
    public bool IsInequality => Operator is not (FieldFilter.Types.Operator.Equal or FieldFilter.Types.Operator.In);

    public V1.StructuredQuery.Types.Filter ToProto() => (Operator, Value) switch
    {
        (FieldFilter.Types.Operator.Equal, null) => Unary(UnaryFilter.Types.Operator.IsNull),
        (FieldFilter.Types.Operator.Equal, double.NaN) => Unary(UnaryFilter.Types.Operator.IsNan),
        _ => new() { FieldFilter = new() { Field = QueryShape.Reference(Field), Op = Operator, Value = ProtoValues.Of(Value) } },
    };

    private V1.StructuredQuery.Types.Filter Unary(UnaryFilter.Types.Operator op) => new() { UnaryFilter = new() { Field = QueryShape.Reference(Field), Op = op } };
}
