using System.Diagnostics;
using System.Text.Json;
using ServerlessA2A.Functions.Tests.Interop;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Notifications;

/// <summary>
/// A receiver that is not ours: verifies deliveries with the npm package jose (tests/interop/verify.mjs), which fetches the keys itself and
/// keeps them as long as this object lives.
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
    public async Task<JsonElement> VerifyAsync(string token, byte[] body, string audience, string? issuer = null, DateTimeOffset? now = null)
    {
        var delivery = JsonSerializer.Serialize(new { token, body, audience, issuer, now = now?.ToUnixTimeMilliseconds() });
        await _process.StandardInput.WriteLineAsync(delivery);
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
