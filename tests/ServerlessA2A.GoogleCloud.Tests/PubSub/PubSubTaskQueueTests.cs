using ServerlessA2A.Tests.Conformance;

namespace ServerlessA2A.GoogleCloud.Tests.PubSub;

public class PubSubTaskQueueTests : TaskQueueConformance
{
    protected override async Task<ITakingQueue> CreateQueueAsync() => await TestQueue.CreateAsync();
}
