namespace ServerlessA2A.Functions;

/// <summary>The program cannot start, for a reason that its user can fix.</summary>
/// <param name="line">The fault and the remedy.</param>
internal sealed class StartFaultException(string line) : Exception(line);
