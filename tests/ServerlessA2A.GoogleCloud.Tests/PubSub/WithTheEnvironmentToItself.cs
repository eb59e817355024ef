namespace ServerlessA2A.GoogleCloud.Tests.PubSub;

/// <summary>Where an emulator is, is a variable of the process: what points it elsewhere runs while nothing else does.</summary>
[CollectionDefinition(nameof(WithTheEnvironmentToItself), DisableParallelization = true)]
public sealed class WithTheEnvironmentToItself;
