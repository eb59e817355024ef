using ServerlessA2A.GoogleCloud.Tests.Packages.Firestore;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tests.Conformance.Webhooks;

namespace ServerlessA2A.GoogleCloud.Tests.Firestore;

[Collection(nameof(FirestoreTest))]
public class FirestoreWebhookStoreTests : WebhookStoreConformance
{
    /// <summary>The number of shards of new entries. Default: the setting's.</summary>
    protected virtual int? Shards => null;

    protected override async Task<ITaskStore> CreateStoreAsync(TimeProvider time) => await TestStores.CreateAsync(time, shards: Shards);
}

public sealed class FirestoreWebhookStoreWithOneShardTests : FirestoreWebhookStoreTests
{
    protected override int? Shards => 1;
}

public sealed class FirestoreWebhookStoreWithSixteenShardsTests : FirestoreWebhookStoreTests
{
    protected override int? Shards => 16;
}
