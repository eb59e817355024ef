using Microsoft.Extensions.Options;
using ServerlessA2A.InMemory;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tests.Conformance;
using ServerlessA2A.Tests.Conformance.Running;

namespace ServerlessA2A.Tests.InMemory;

public sealed class InMemoryTaskRunningTests : TaskRunningConformance
{
    protected override Task<ITaskStore> CreateStoreAsync(TimeProvider time) =>
        Task.FromResult<ITaskStore>(new InMemoryTaskStore(time, Options.Create(new InMemoryOptions())));

    protected override Task<ITakingQueue> CreateQueueAsync() =>
        Task.FromResult<ITakingQueue>(new InMemoryTakingQueue(new InMemoryTaskQueue()));
}
