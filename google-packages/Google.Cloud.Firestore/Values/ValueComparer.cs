namespace Google.Cloud.Firestore;

/// <summary>The order of normalized values in queries: by type first, then by value.</summary>
internal sealed class ValueComparer : IComparer<object?>
{
    public static readonly ValueComparer Instance = new();

    public int Compare(object? x, object? y) => (x, y) switch
    {
        (null, null) => 0,
        (bool a, bool b) => a.CompareTo(b),
        (long a, long b) => a.CompareTo(b),
        // NaN comes before all numbers; so it does in CompareTo.
        (long or double, long or double) => Convert.ToDouble(x, null).CompareTo(Convert.ToDouble(y, null)),
        (Timestamp a, Timestamp b) => a.CompareTo(b),
        (string a, string b) => string.CompareOrdinal(a, b),
        (Blob a, Blob b) => a.ByteString.Span.SequenceCompareTo(b.ByteString.Span),
        (DocumentReference a, DocumentReference b) => a.CompareTo(b),
        (List<object?> a, List<object?> b) => CompareLists(a, b),
        (Dictionary<string, object?> a, Dictionary<string, object?> b) => CompareMaps(a, b),
        _ => Rank(x).CompareTo(Rank(y)),
    };

    private static int Rank(object? value) => value switch
    {
        null => 0,
        bool => 1,
        long or double => 2,
        Timestamp => 3,
        string => 4,
        Blob => 5,
        DocumentReference => 6,
        List<object?> => 7,
        _ => 8,
    };

    private int CompareLists(List<object?> a, List<object?> b)
    {
        var different = a.Zip(b, Compare).FirstOrDefault(result => result != 0);
        return different != 0 ? different : a.Count.CompareTo(b.Count);
    }

    private int CompareMaps(Dictionary<string, object?> a, Dictionary<string, object?> b)
    {
        var different = Ordered(a).Zip(Ordered(b), (left, right) =>
        {
            var byName = string.CompareOrdinal(left.Key, right.Key);
            return byName != 0 ? byName : Compare(left.Value, right.Value);
        }).FirstOrDefault(result => result != 0);
        return different != 0 ? different : a.Count.CompareTo(b.Count);
    }

    private static IOrderedEnumerable<KeyValuePair<string, object?>> Ordered(Dictionary<string, object?> map) => map.OrderBy(entry => entry.Key, StringComparer.Ordinal);
}
