using System.Diagnostics;
using ServerlessA2A.Functions.Tests.Interop;

namespace ServerlessA2A.Client.Tests.Interop;

/// <summary>An agent on the published JavaScript SDK of one version: tests/interop/serve.mjs.</summary>
internal sealed class PublishedServer : IAsyncDisposable
{
    private readonly Process _process;

    private PublishedServer(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    /// <summary>Starts it; null where Node.js is missing and may be.</summary>
    public static async Task<PublishedServer> StartAsync(string version)
    {
        NodeScripts.Require(await NodeScripts.MissingAsync());
        var process = new Process { StartInfo = NodeScripts.StartInfo("node", "serve.mjs", version) };
        process.Start();
        var errors = process.StandardError.ReadToEndAsync();
        var address = await process.StandardOutput.ReadLineAsync();
        return Uri.TryCreate(address, UriKind.Absolute, out var url)
            ? new(process, url) : throw new InvalidOperationException($"serve.mjs {version} did not start: {await errors}");
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
