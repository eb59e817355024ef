using ServerlessA2A.Tasks.InMemory;
using ServerlessA2A.Tests.Conformance;

namespace ServerlessA2A.Tests.Tasks.InMemory;

public sealed class InMemoryTaskQueueTests : TaskQueueConformance
{
    protected override Task<ITakingQueue> CreateQueueAsync() =>
        Task.FromResult<ITakingQueue>(new InMemoryTakingQueue(new InMemoryTaskQueue()));
}
