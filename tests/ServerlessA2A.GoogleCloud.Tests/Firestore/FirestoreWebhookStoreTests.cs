using ServerlessA2A.GoogleCloud.Tests.Packages.Firestore;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tests.Conformance.Webhooks;

namespace ServerlessA2A.GoogleCloud.Tests.Firestore;

[Collection(nameof(FirestoreTest))]
public sealed class FirestoreWebhookStoreTests : WebhookStoreConformance
{
    protected override async Task<ITaskStore> CreateStoreAsync(TimeProvider time) => await TestStores.CreateAsync(time);
}
