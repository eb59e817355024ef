using ServerlessA2A.GoogleCloud.Tests.Packages.Firestore;
using ServerlessA2A.GoogleCloud.Tests.PubSub;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tests.Conformance;
using ServerlessA2A.Tests.Conformance.Running;

namespace ServerlessA2A.GoogleCloud.Tests.Firestore;

[Collection(nameof(FirestoreTest))]
public sealed class FirestoreTaskRunningTests : TaskRunningConformance
{
    protected override async Task<ITaskStore> CreateStoreAsync(TimeProvider time) => await TestStores.CreateAsync(time);

    protected override async Task<ITakingQueue> CreateQueueAsync() => await TestQueue.CreateAsync();
}
