namespace ServerlessA2A.Protocol.V0_3;

/// <summary>Lists, item by item.</summary>
internal static class ListTranslation
{
    /// <summary>Null stays null, as a list and as an item: the validation refuses it where it must not be.</summary>
    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(items))]
    public static IReadOnlyList<TTo>? Translate<TFrom, TTo>(this IReadOnlyList<TFrom>? items, Binding binding, Func<TFrom, Binding, TTo> translate)
        where TFrom : class
    {
        if (items is null) return null;
        var translated = new TTo[items.Count];
        for (var i = 0; i < translated.Length; i++)
        {
            if (items[i] is { } item) translated[i] = translate(item, binding);
        }

        return translated;
    }
}
