using Microsoft.Extensions.Options;
using ServerlessA2A.Protocol.Keys;
using ServerlessA2A.Settings;

namespace ServerlessA2A.Security.Keys;

/// <summary>Lists of keys in the settings. Faults name the setting and contain nothing of the key.</summary>
internal static class KeySettings
{
    /// <summary>Validates the keys and returns all faults.</summary>
    public static IReadOnlyList<string> Faults<TKey>(string name, IList<string> settings, Func<string, TKey> read)
        where TKey : IKey => Read(name, settings, read).Faults;

    /// <summary>Reads the keys, in order.</summary>
    /// <param name="options">The type of the options that hold the settings.</param>
    /// <param name="name">The name of the list.</param>
    /// <param name="settings">The list.</param>
    /// <param name="read">Reads a key.</param>
    /// <exception cref="OptionsValidationException">A key is invalid.</exception>
    public static IReadOnlyList<TKey> ReadAll<TKey>(Type options, string name, IList<string> settings, Func<string, TKey> read)
        where TKey : IKey
    {
        var (keys, faults) = Read(name, settings, read);
        return faults.Count == 0 ? keys : throw new OptionsValidationException(name, options, faults);
    }

    private static (List<TKey> Keys, List<string> Faults) Read<TKey>(string name, IList<string> settings, Func<string, TKey> read)
        where TKey : IKey
    {
        var (keys, faults) = (new List<TKey>(settings.Count), new List<string>());
        for (var i = 0; i < settings.Count; i++)
        {
            try
            {
                var key = read(settings[i]);
                if (keys.Exists(other => other.Id == key.Id))
                    throw new KeyFaultException($"has the id {key.Id}, like an earlier key: set each key once, with a unique id.");
                keys.Add(key);
            }
            catch (KeyFaultException fault)
            {
                faults.Add($"{SettingFault.Name($"A2A:Security:{name}:{i}")} {fault.Message}");
            }
        }

        return (keys, faults);
    }
}
