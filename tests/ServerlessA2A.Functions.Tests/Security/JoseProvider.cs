using System.Text.Json;
using ServerlessA2A.Functions.Tests.Interop;

namespace ServerlessA2A.Functions.Tests.Security;

/// <summary>A provider of identities that is not ours: its keys, and its tokens by their names (tests/interop/tokens.mjs).</summary>
internal sealed record JoseProvider(string Issuer, JsonElement KeySet, Dictionary<string, string> Tokens)
{
    /// <summary>Whom the good tokens were made for.</summary>
    public const string Audience = "https://agent.example.com";

    private static readonly JsonSerializerOptions Names = new(JsonSerializerDefaults.Web);

    /// <summary>Makes one for each algorithm. Node.js has to be there.</summary>
    public static async Task<Dictionary<string, JoseProvider>> MakeAsync()
    {
        var (exitCode, output, errors) = await NodeScripts.RunAsync("node", "tokens.mjs", Audience);
        Assert.True(exitCode == 0, errors);
        return JsonSerializer.Deserialize<Dictionary<string, JoseProvider>>(output, Names)!;
    }
}
