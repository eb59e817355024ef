namespace ServerlessA2A.Functions;

/// <summary>The program can't start, for a reason that whoever starts it can mend.</summary>
/// <param name="line">What is wrong, and what to do.</param>
internal sealed class StartFaultException(string line) : Exception(line);
