using System.Diagnostics;
using System.Text.Json;
using ServerlessA2A.Functions.Tests.Interop;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Webhooks;

/// <summary>
/// A receiver that is not ours: verifies deliveries and cards with the npm package jose (tests/interop/verify.mjs), which fetches the keys
/// itself and keeps them as long as this object lives.
/// </summary>
internal sealed class JoseVerifier : IAsyncDisposable
{
    private readonly Process _process;

    private JoseVerifier(Process process) => _process = process;

    /// <summary>Starts one, or skips the test where there is no Node.js.</summary>
    /// <param name="keys">The address of the key set.</param>
    public static async Task<JoseVerifier> StartAsync(Uri keys)
    {
        NodeScripts.Require(await NodeScripts.MissingAsync());
        var process = new Process { StartInfo = NodeScripts.StartInfo("node", "verify.mjs", keys.AbsoluteUri) };
        process.Start();
        return new JoseVerifier(process);
    }

    /// <summary>Verifies a delivery.</summary>
    /// <param name="token">The token that came with it.</param>
    /// <param name="body">What came.</param>
    /// <param name="audience">The receiver's own address.</param>
    /// <param name="issuer">Whose deliveries it takes; anybody's who names himself unless given.</param>
    /// <param name="now">The receiver's time; the real one unless given.</param>
    /// <returns><c>ok</c> with <c>claims</c> and <c>header</c>, or the <c>code</c> of jose's error.</returns>
    public Task<JsonElement> VerifyAsync(string token, byte[] body, string audience, string? issuer = null, DateTimeOffset? now = null) =>
        AskAsync(JsonSerializer.Serialize(new { token, body, audience, issuer, now = now?.ToUnixTimeMilliseconds() }));

    /// <summary>Verifies a card, all that it says, in a canonical form that is not ours.</summary>
    /// <returns><c>ok</c> with <c>header</c> and the signature's <c>index</c>, or the <c>code</c> of jose's error.</returns>
    public Task<JsonElement> VerifyCardAsync(string card) => AskAsync(JsonSerializer.Serialize(new { card }));

    /// <summary>Verifies a card as the published SDK for 1.0 does: what it does not know of a card it passes over.</summary>
    /// <returns><c>ok</c>, or the <c>error</c>.</returns>
    public Task<JsonElement> VerifyCardWithSdkAsync(string card) => AskAsync(JsonSerializer.Serialize(new { card, sdk = true }));

    /// <summary>The same with the card that the SDK itself gets of an agent.</summary>
    public Task<JsonElement> VerifyAgentWithSdkAsync(Uri agent) => AskAsync(JsonSerializer.Serialize(new { agent }));

    private async Task<JsonElement> AskAsync(string request)
    {
        await _process.StandardInput.WriteLineAsync(request);
        await _process.StandardInput.FlushAsync();
        var line = await _process.StandardOutput.ReadLineAsync().WithinLimit("jose answers") ??
            throw new InvalidOperationException($"The verifier has ended. {await _process.StandardError.ReadToEndAsync()}");
        return JsonSerializer.Deserialize<JsonElement>(line);
    }

    /// <summary>It ends when there is no more to verify.</summary>
    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        try
        {
            await _process.WaitForExitAsync().WithinLimit("the verifier ends");
        }
        finally
        {
            if (!_process.HasExited)
                _process.Kill();
            _process.Dispose();
        }
    }
}
