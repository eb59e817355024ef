namespace ServerlessA2A.Functions.Tests.Support;

/// <summary>The local host with keys to sign with.</summary>
internal static class SigningProgram
{
    /// <summary>Starts it, at an address that it had before or at a new one.</summary>
    public static RunningProgram Start(string[] keys, Uri? address = null, params (string Name, string Value)[] settings) =>
        RunningProgram.Start(
        Programs.Agent,
        ["--urls", address is null ? "http://127.0.0.1:0" : address.GetLeftPart(UriPartial.Authority)],
        [.. keys.Select((key, i) => ($"A2A__Security__SigningKeys__{i}", key)), .. settings]);

    /// <summary>Where it serves the keys.</summary>
    public static Uri KeysOf(Uri program) => new(program, ".well-known/jwks.json");
}
