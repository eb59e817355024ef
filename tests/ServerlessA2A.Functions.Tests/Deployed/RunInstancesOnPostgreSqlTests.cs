namespace ServerlessA2A.Functions.Tests.Deployed;

[Collection(nameof(SharedPostgreSqlDeployment))]
public sealed class RunInstancesOnPostgreSqlTests(SharedPostgreSqlDeployment shared) : RunInstancesTests(shared);
