using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Support;

/// <summary>The local host with keys to sign with.</summary>
internal static class SigningProgram
{
    /// <summary>Starts it, at an address that it had before or at a new one.</summary>
    public static RunningProgram Start(string[] keys, Uri? address = null, params (string Name, string Value)[] settings) =>
        RunningProgram.Start(
        Programs.Agent,
        ["--urls", address?.GetLeftPart(UriPartial.Authority) ?? $"http://127.0.0.1:{FreePort.Find()}"],
        [.. keys.Select((key, i) => ($"A2A__Security__SigningKeys__{i}", key)), .. settings]);

    /// <summary>Where it serves the keys.</summary>
    public static Uri KeysOf(Uri program) => new(program, ".well-known/jwks.json");
}
