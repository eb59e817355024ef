using Microsoft.Extensions.Configuration;
using ServerlessA2A.Settings;

namespace ServerlessA2A.Functions.Telemetry;

/// <summary>
/// The address of the OTLP receiver: <c>A2A:Telemetry:Endpoint</c>, or the variable that OpenTelemetry defines. Without one there is no
/// telemetry, and nothing of OpenTelemetry is loaded.
/// </summary>
internal static class TelemetryEndpoint
{
    /// <summary>The setting.</summary>
    public const string Setting = "A2A:Telemetry:Endpoint";

    /// <summary>The variable that OpenTelemetry defines.</summary>
    public const string Variable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>The address; null for none.</summary>
    /// <exception cref="StartFaultException">It is not an address.</exception>
    public static Uri? Of(IConfiguration configuration)
    {
        var text = configuration[Setting];
        var isOwn = !string.IsNullOrWhiteSpace(text);
        if (!isOwn)
            text = configuration[Variable];
        if (string.IsNullOrWhiteSpace(text))
            return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var endpoint) && endpoint.Scheme is "http" or "https")
            return endpoint;
        const string Remedy = "set the address of an OTLP receiver, such as http://localhost:4318.";
        throw new StartFaultException(isOwn ? SettingFault.Of(Setting, text, Remedy) : $"{Variable} is '{text}': {Remedy}");
    }
}
