using System.Collections;

namespace ServerlessA2A.Functions;

/// <summary>
/// Checks the names of environment variables. On Linux they are case-sensitive, settings are not: of two spellings an arbitrary one would
/// win, even for settings that control access.
/// </summary>
internal static class SettingNames
{
    /// <summary>Fails if two variables set one setting.</summary>
    /// <param name="variables">The environment variables of the process.</param>
    /// <exception cref="StartFaultException">Two of them differ only in case, or in <c>:</c> for <c>__</c>.</exception>
    public static void RequireDistinct(IDictionary variables)
    {
        var doubles = variables.Keys.Cast<string>().Where(IsSetting)
            .GroupBy(name => name.Replace("__", ":", StringComparison.Ordinal), StringComparer.OrdinalIgnoreCase)
            .Where(names => names.Count() > 1)
            .Select(names => string.Join(" and ", names.Order(StringComparer.Ordinal)))
            .Order(StringComparer.Ordinal).ToList();
        if (doubles.Count > 0)
            throw new StartFaultException(
                $"The environment has {string.Join("; ", doubles)}: " +
                "one setting in several spellings. Names are case-insensitive: keep one of them.");
    }

    /// <summary>Other variables, such as <c>http_proxy</c> beside <c>HTTP_PROXY</c>, are not settings of this program.</summary>
    private static bool IsSetting(string name) =>
        name.Contains("__", StringComparison.Ordinal) || name.Contains(':', StringComparison.Ordinal);
}
