namespace ServerlessA2A.Functions.Tests.GooglePackages;

/// <summary>Console and environment belong to the process, so what uses them runs while nothing else does.</summary>
[CollectionDefinition(nameof(WithTheProcessToItself), DisableParallelization = true)]
public sealed class WithTheProcessToItself;
