using ServerlessA2A.GoogleCloud.Tests.Packages.Firestore;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tests.Conformance.Store;

namespace ServerlessA2A.GoogleCloud.Tests.Firestore;

[Collection(nameof(FirestoreTest))]
public sealed class FirestoreTaskStoreTests : TaskStoreConformance
{
    protected override async Task<ITaskStore> CreateStoreAsync(TimeProvider time) => await TestStores.CreateAsync(time);
}

/// <summary>The number of shards is one of lists, counts and sweeps: the other suites are the same with any.</summary>
[Collection(nameof(FirestoreTest))]
public sealed class FirestoreTaskIndexWithOneShardTests : TaskIndexConformance
{
    protected override async Task<ITaskStore> CreateStoreAsync(TimeProvider time) => await TestStores.CreateAsync(time, shards: 1);
}

[Collection(nameof(FirestoreTest))]
public sealed class FirestoreTaskIndexWithSixteenShardsTests : TaskIndexConformance
{
    protected override async Task<ITaskStore> CreateStoreAsync(TimeProvider time) => await TestStores.CreateAsync(time, shards: 16);
}
