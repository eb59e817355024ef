namespace Google.Api.Gax.Grpc.Transport;

/// <summary>The emulator that an environment variable names, as far as it is asked for.</summary>
internal static class EmulatorEndpoint
{
    public static Uri? Find(EmulatorDetection detection, string variable)
    {
        if (detection == EmulatorDetection.None)
            return null;
        // Present but empty counts as absent.
        var value = Environment.GetEnvironmentVariable(variable)?.Trim() is { Length: > 0 } host ? host : null;
        return detection switch
        {
            EmulatorDetection.ProductionOnly when value is not null =>
                throw new InvalidOperationException($"Environment variable {variable} is set, contrary to use of {nameof(EmulatorDetection)}.{nameof(EmulatorDetection.ProductionOnly)}"),
            EmulatorDetection.EmulatorOnly when value is null =>
                throw new InvalidOperationException($"Expected environment variable {variable} to be set"),
            _ when value is null => null,
            // A bare ::1:8918, as the emulator's own output has it, is no host: that takes brackets.
            _ => new Uri($"http://{value}"),
        };
    }
}
