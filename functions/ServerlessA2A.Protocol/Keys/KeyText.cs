namespace ServerlessA2A.Protocol.Keys;

/// <summary>Reads the text of a key from a setting, or from the file that it names, which is how Cloud Run mounts a secret.</summary>
internal static class KeyText
{
    private const string FileScheme = "file:";

    /// <exception cref="KeyFaultException">There is no text.</exception>
    public static string Read(string setting)
    {
        var text = setting.Trim();
        if (text.StartsWith(FileScheme, StringComparison.OrdinalIgnoreCase))
            text = ReadFile(text[FileScheme.Length..]);
        return text.Length > 0 ? text : throw new KeyFaultException("is empty: set a key, or remove the setting.");
    }

    private static string ReadFile(string path)
    {
        // file:///secrets/key is the same as file:/secrets/key.
        if (path.StartsWith("///", StringComparison.Ordinal))
            path = path[2..];
        // Only paths are repeated in messages: another text may be the key itself.
        if (!Path.IsPathFullyQualified(path) || path.Contains('\n', StringComparison.Ordinal))
            throw new KeyFaultException("names a file without an absolute path: set one such as file:/secrets/key.pem.");
        try
        {
            var text = File.ReadAllText(path).Trim();
            return text.Length > 0 ? text : throw new KeyFaultException($"names the file {path}, which is empty: put the key into it.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new KeyFaultException(
                $"names the file {path}, which cannot be read ({exception.GetType().Name}): mount the secret there, or set another path.");
        }
    }
}
