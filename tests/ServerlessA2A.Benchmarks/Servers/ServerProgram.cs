namespace ServerlessA2A.Benchmarks.Servers;

/// <summary>A published program, and the environment it is to run in.</summary>
internal sealed record ServerProgram(string Name, string Assembly, IReadOnlyList<(string Name, string Value)> Variables);
