namespace Google.Api.Gax.Grpc;

/// <summary>The emulator that an environment variable names, where a client is to use one.</summary>
internal static class EmulatorHost
{
    public static Uri? Find(EmulatorDetection detection, string variable)
    {
        if (detection == EmulatorDetection.None)
            return null;
        // A blank value counts as unset.
        var value = Environment.GetEnvironmentVariable(variable)?.Trim() is { Length: > 0 } host ? host : null;
        return detection switch
        {
            EmulatorDetection.ProductionOnly when value is not null =>
                throw new InvalidOperationException($"Environment variable {variable} is set, contrary to use of {nameof(EmulatorDetection)}.{nameof(EmulatorDetection.ProductionOnly)}"),
            EmulatorDetection.EmulatorOnly when value is null =>
                throw new InvalidOperationException($"Expected environment variable {variable} to be set"),
            _ when value is null => null,
            // An IPv6 address needs brackets. The emulator prints it without them.
            _ => new Uri($"http://{value}"),
        };
    }
}
