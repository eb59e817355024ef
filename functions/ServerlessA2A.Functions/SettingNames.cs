using System.Collections;

namespace ServerlessA2A.Functions;

/// <summary>
/// The names of environment variables. On Linux they differ by case, settings do not: of two spellings one would win by chance, also of who may call.
/// </summary>
internal static class SettingNames
{
    /// <summary>Fails where two variables are one setting.</summary>
    /// <param name="variables">The variables of the process, as the system has them.</param>
    /// <exception cref="StartFaultException">Two of them differ only in case, or in <c>:</c> for <c>__</c>.</exception>
    public static void RequireDistinct(IDictionary variables)
    {
        var doubles = variables.Keys.Cast<string>().Where(IsSetting)
            .GroupBy(name => name.Replace("__", ":", StringComparison.Ordinal), StringComparer.OrdinalIgnoreCase)
            .Where(names => names.Count() > 1)
            .Select(names => string.Join(" and ", names.Order(StringComparer.Ordinal)))
            .Order(StringComparer.Ordinal).ToList();
        if (doubles.Count > 0)
            throw new StartFaultException($"The environment has {string.Join("; ", doubles)}: one setting in several spellings. Names ignore case; keep one of them.");
    }

    /// <summary>Others, such as <c>http_proxy</c> beside <c>HTTP_PROXY</c>, are read by nobody here.</summary>
    private static bool IsSetting(string name) => name.Contains("__", StringComparison.Ordinal) || name.Contains(':', StringComparison.Ordinal);
}
