using System.Globalization;
using Microsoft.Extensions.Options;

namespace ServerlessA2A.Settings;

/// <summary>The one form of a fault in the configuration: the setting, its environment variable, the value found and the remedy.</summary>
internal static class SettingFault
{
    /// <summary><c>A2A:Tasks:Retention (A2A__Tasks__Retention)</c></summary>
    /// <param name="setting">The setting's path, such as <c>A2A:Tasks:Retention</c>.</param>
    public static string Name(string setting) => $"{setting} ({setting.Replace(":", "__", StringComparison.Ordinal)})";

    /// <summary>A list by its first item: <c>A2A:Security:Identity (A2A__Security__Identity__0)</c>.</summary>
    public static string ListName(string setting) => $"{setting} ({setting.Replace(":", "__", StringComparison.Ordinal)}__0)";

    /// <summary><c>A2A:Tasks:Retention (A2A__Tasks__Retention) is 00:00:01: set at least 00:01:00.</c> Texts are quoted.</summary>
    /// <param name="setting">The setting's path.</param>
    /// <param name="value">The value found. Never a secret.</param>
    /// <param name="remedy">What to do, as a clause that ends with a period.</param>
    public static string Of(string setting, object? value, string remedy) => value is string or null
        ? $"{Name(setting)} is '{value}': {remedy}"
        : string.Create(CultureInfo.InvariantCulture, $"{Name(setting)} is {value}: {remedy}");

    /// <summary><c>A2A:Gemini:Model (A2A__Gemini__Model) is not set: set a model's name.</c></summary>
    /// <param name="setting">The setting's path.</param>
    /// <param name="remedy">What to do, as a clause that ends with a period.</param>
    public static string NotSet(string setting, string remedy) => $"{Name(setting)} is not set: {remedy}";

    /// <summary>The result of a validation with these faults, which are reported together; success without any.</summary>
    public static ValidateOptionsResult ResultOf(IEnumerable<string> faults) =>
        faults.ToList() is { Count: > 0 } found ? ValidateOptionsResult.Fail(found) : ValidateOptionsResult.Success;
}
