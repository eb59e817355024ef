using Google.Cloud.Firestore.V1;

namespace Google.Cloud.Firestore;

/// <summary>A value of <see cref="FieldValue"/>: a transformation without its path, or null to delete the field.</summary>
internal sealed record SentinelValue(DocumentTransform.Types.FieldTransform? Transform)
{
    public bool IsDelete => Transform is null;
}
