namespace ServerlessA2A.Functions.Tests.Deployed;

[Collection(nameof(SharedPostgreSqlDeployment))]
public sealed class WebhookInstancesOnPostgreSqlTests(PostgreSqlWebhookDeployment shared)
    : WebhookInstancesTests(shared), IClassFixture<PostgreSqlWebhookDeployment>;
