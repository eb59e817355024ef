using System.Globalization;
using System.Net;
using Microsoft.Extensions.Configuration;

namespace Google.Cloud.Functions.Hosting;

/// <summary>The configuration section FunctionsFramework, read by hand: the binder's reflection would cost at every start.</summary>
internal sealed class FunctionsFrameworkOptions(IConfiguration configuration)
{
    public const string Section = "FunctionsFramework:";

    public string? FunctionTarget => configuration[Section + nameof(FunctionTarget)];

    public bool JsonLogging => bool.TryParse(configuration[Section + nameof(JsonLogging)], out var json) && json;

    public int Port =>
        configuration[Section + nameof(Port)] is not { } text ? 8080
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port
        : throw new InvalidOperationException($"Failed to convert configuration value '{text}' at '{Section}{nameof(Port)}' to a port.");

    public IPAddress Address =>
        configuration[Section + nameof(Address)] switch
        {
            "Any" => IPAddress.Any,
            null or "Loopback" => IPAddress.Loopback,
            var address => IPAddress.Parse(address),
        };
}
