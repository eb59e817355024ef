using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace ServerlessA2A.Settings;

/// <summary>What binding ignores silently, together with what it restricts: a single text instead of a list, and unknown names.</summary>
internal static class IgnoredSettings
{
    /// <summary>The generated binding sets internal members, too, as tests do.</summary>
    private const BindingFlags Members =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.IgnoreCase;

    /// <summary>The faults of a section.</summary>
    /// <param name="section">The section.</param>
    /// <param name="options">The type that the section is bound to.</param>
    /// <param name="names">Whether unknown names are faults, too.</param>
    public static IEnumerable<string> Faults(IConfiguration section, Type options, bool names = false)
    {
        foreach (var setting in section.GetChildren())
        {
            if (options.GetProperty(setting.Key, Members)?.PropertyType is not { } type)
            {
                if (names)
                    yield return $"{SettingFault.Name(setting.Path)} is unknown: correct the name, or remove the setting.";
                continue;
            }

            var isList = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IList<>);
            if (isList && !string.IsNullOrEmpty(setting.Value))
            {
                yield return $"{SettingFault.Name(setting.Path)} is a single text but must be a list: " +
                    $"set {SettingFault.Name($"{setting.Path}:0")}.";
            }

            var faults = isList
                ? setting.GetChildren().SelectMany(item => FaultsOf(item, type.GetGenericArguments()[0], names))
                : FaultsOf(setting, type, names);
            foreach (var fault in faults)
                yield return fault;
        }
    }

    /// <summary>Only our own types have settings as members.</summary>
    private static IEnumerable<string> FaultsOf(IConfigurationSection setting, Type type, bool names) =>
        type.IsClass && type.Namespace?.StartsWith(nameof(ServerlessA2A), StringComparison.Ordinal) == true
            ? Faults(setting, type, names)
            : [];
}
