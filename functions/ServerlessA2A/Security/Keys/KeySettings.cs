using Microsoft.Extensions.Options;
using ServerlessA2A.Settings;

namespace ServerlessA2A.Security.Keys;

/// <summary>Lists of keys in the settings. What is wrong with a key is told by its setting, and without anything of it.</summary>
internal static class KeySettings
{
    /// <summary>What is wrong with the keys: all of it.</summary>
    public static IReadOnlyList<string> Faults<TKey>(string name, IList<string> settings, Func<string, TKey> read)
        where TKey : IKey => Read(name, settings, read).Faults;

    /// <summary>The keys, in their order.</summary>
    /// <exception cref="OptionsValidationException">One of them is none.</exception>
    public static IReadOnlyList<TKey> ReadAll<TKey>(string name, IList<string> settings, Func<string, TKey> read)
        where TKey : IKey
    {
        var (keys, faults) = Read(name, settings, read);
        return faults.Count == 0 ? keys : throw new OptionsValidationException(name, typeof(SecurityOptions), faults);
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
                    throw new KeyFaultException($"has the id {key.Id}, as one before it: set each key once, and each with an id of its own.");
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
