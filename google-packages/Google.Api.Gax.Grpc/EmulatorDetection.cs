namespace Google.Api.Gax;

/// <summary>Whether a client turns to the emulator that an environment variable names.</summary>
public enum EmulatorDetection
{
    /// <summary>The environment variable is ignored.</summary>
    None = 0,

    /// <summary>The environment variable must not be set.</summary>
    ProductionOnly = 1,

    /// <summary>The environment variable must be set.</summary>
    EmulatorOnly = 2,

    /// <summary>The emulator where the environment variable is set, the service otherwise.</summary>
    EmulatorOrProduction = 3,
}
