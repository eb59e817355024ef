using ServerlessA2A.InMemory;
using ServerlessA2A.Tests.Conformance;

namespace ServerlessA2A.Tests.InMemory;

public sealed class InMemoryTaskQueueTests : TaskQueueConformance
{
    protected override Task<ITakingQueue> CreateQueueAsync() =>
        Task.FromResult<ITakingQueue>(new InMemoryTakingQueue(new InMemoryTaskQueue()));
}
