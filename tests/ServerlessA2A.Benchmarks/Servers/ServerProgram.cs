namespace ServerlessA2A.Benchmarks.Servers;

/// <summary>A published program, its arguments, and the environment it is to run in.</summary>
internal sealed record ServerProgram(
    string Name, string Assembly, IReadOnlyList<string> Arguments, IReadOnlyList<(string Name, string Value)> Variables);
