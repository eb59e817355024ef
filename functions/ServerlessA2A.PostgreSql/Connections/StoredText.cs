namespace ServerlessA2A.PostgreSql.Connections;

/// <summary>
/// Texts that clients choose: PostgreSQL takes any letter but U+0000, which is stored as <c>\0</c>, and a backslash therefore as two.
/// </summary>
internal static class StoredText
{
    public static string Escape(string text) => text.AsSpan().IndexOfAny('\0', '\\') < 0
        ? text
        : text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("\0", @"\0", StringComparison.Ordinal);

    public static string Unescape(string stored)
    {
        if (!stored.Contains('\\', StringComparison.Ordinal))
            return stored;
        var text = new System.Text.StringBuilder(stored.Length);
        for (var i = 0; i < stored.Length; i++)
        {
            if (stored[i] == '\\')
                text.Append(stored[++i] == '0' ? '\0' : '\\');
            else
                text.Append(stored[i]);
        }

        return text.ToString();
    }
}
