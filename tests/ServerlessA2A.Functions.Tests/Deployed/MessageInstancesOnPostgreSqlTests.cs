namespace ServerlessA2A.Functions.Tests.Deployed;

[Collection(nameof(SharedPostgreSqlDeployment))]
public sealed class MessageInstancesOnPostgreSqlTests(SharedPostgreSqlDeployment shared) : MessageInstancesTests(shared);
