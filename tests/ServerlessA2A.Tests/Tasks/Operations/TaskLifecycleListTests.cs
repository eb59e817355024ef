using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Tasks.Operations;

public class TaskLifecycleListTests : TaskEngineTests
{
    [Fact]
    public async Task AListThatAsksForNothingHoldsFiftyTasksWithoutTheirArtifacts()
    {
        for (var i = 0; i < 60; i++)
            await RunAsync(AgentUpdate.Artifact("a", "x"));
        var page = await ListAsync(new ListTasksRequest());
        Assert.Equal((50, 50, 60), (page.Tasks.Count, page.PageSize, page.TotalSize));
        Assert.NotEqual("", page.NextPageToken);
        Assert.All(page.Tasks, task => Assert.Null(task.Artifacts));
        Assert.All(page.Tasks, task => Assert.Single(task.History!));

        var rest = await ListAsync(new ListTasksRequest { PageToken = page.NextPageToken });
        Assert.Equal((10, ""), (rest.Tasks.Count, rest.NextPageToken));
        Assert.Equal(60, page.Tasks.Concat(rest.Tasks).Select(task => task.Id).Distinct().Count());
    }

    [Fact]
    public async Task ArtifactsAreListedWhenTheyAreAskedForAndHistoriesAsLongAsAsked()
    {
        await RunAsync(AgentUpdate.Artifact("a", "x"));
        var task = Assert.Single((await ListAsync(new ListTasksRequest { IncludeArtifacts = true, HistoryLength = 0 })).Tasks);
        Assert.Single(task.Artifacts!);
        Assert.Null(task.History);
    }

    [Fact]
    public async Task FiltersReachTheStore()
    {
        var done = await RunAsync(AgentUpdate.Complete());
        Time.Advance(TimeSpan.FromSeconds(1));
        var asking = await RunAsync(AgentUpdate.Ask("what?"));
        Assert.Equal(done.Id, Assert.Single((await ListAsync(new ListTasksRequest { Status = TaskState.Completed })).Tasks).Id);
        Assert.Equal(asking.Id, Assert.Single((await ListAsync(new ListTasksRequest { ContextId = asking.Task.ContextId })).Tasks).Id);
        Assert.Equal(asking.Id, Assert.Single((await ListAsync(new ListTasksRequest { StatusTimestampAfter = asking.StatusAt })).Tasks).Id);
        Assert.Equal(2, (await ListAsync(new ListTasksRequest { ContextId = "" })).TotalSize);
    }

    [Fact]
    public async Task ATokenGoesWithItsCallerAndFilters()
    {
        await Engine.SendAsync("1");
        await Engine.SendAsync("2");
        var token = (await ListAsync(new ListTasksRequest { PageSize = 1 })).NextPageToken;
        Assert.Single((await ListAsync(new ListTasksRequest { PageSize = 5, PageToken = token })).Tasks);
        await RefusedAsync(
            A2AError.InvalidParams, () => ListAsync(new ListTasksRequest { PageToken = token, Status = TaskState.Submitted }));
        await RefusedAsync(A2AError.InvalidParams, () => ListAsync(new ListTasksRequest { PageToken = token + "x" }));
        await RefusedAsync(
            A2AError.InvalidParams, () =>
            Engine.Lifecycle.ListAsync(TestEngine.Call("bob"), new ListTasksRequest { PageToken = token }, default));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(101)]
    public async Task APageSizeOutOfBoundsIsRefused(int size) =>
        await RefusedAsync(A2AError.InvalidParams, () => ListAsync(new ListTasksRequest { PageSize = size }));

    [Fact]
    public async Task OthersTasksAreNeitherReadNorListedNorCounted()
    {
        var task = await Engine.SendAsync("hello");
        await RefusedAsync(
            A2AError.TaskNotFound, () => Engine.Lifecycle.GetAsync(TestEngine.Call("bob"), new GetTaskRequest { Id = task.Id }, default));
        var page = await Engine.Lifecycle.ListAsync(TestEngine.Call("bob"), new ListTasksRequest(), default);
        Assert.Equal((0, 0, ""), (page.Tasks.Count, page.TotalSize, page.NextPageToken));
    }

    private Task<ListTasksResponse> ListAsync(ListTasksRequest request) => Engine.Lifecycle.ListAsync(TestEngine.Call(), request, default);
}
