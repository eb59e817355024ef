using System.Net;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Functions.Tests.Support;
using ServerlessA2A.InMemory;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.Functions.Tests.Functions;

public class SweepFunctionTests() : FunctionTest<SweepFunction>(("A2A:Tasks:SweepDelay", "00:00:00"))
{
    [Fact]
    public async Task ATaskWhoseRequestWasLostIsAskedForAgain()
    {
        var store = Server.Host.Services.GetRequiredService<ITaskStore>();
        var id = await TestTasks.CreateAsync(store);

        using var response = await SendAsync(HttpMethod.Post, "/", Requests.Json(PubSub.Event("{}")), PubSub.EventHeaders);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await using var requests = Server.Host.Services.GetRequiredService<InMemoryTaskQueue>().TakeAllAsync(default).GetAsyncEnumerator();
        Assert.True(await requests.MoveNextAsync());
        Assert.Equal(id, requests.Current.TaskId);
    }
}
