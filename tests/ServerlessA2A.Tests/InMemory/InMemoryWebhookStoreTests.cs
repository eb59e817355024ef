using Microsoft.Extensions.Options;
using ServerlessA2A.InMemory;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tests.Conformance.Webhooks;

namespace ServerlessA2A.Tests.InMemory;

public sealed class InMemoryWebhookStoreTests : WebhookStoreConformance
{
    protected override Task<ITaskStore> CreateStoreAsync(TimeProvider time) =>
        Task.FromResult<ITaskStore>(new InMemoryTaskStore(time, Options.Create(new InMemoryOptions())));
}
