using System.Net;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Functions.Tests.Support;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.Functions.Tests.Functions;

public class DeadLetterFunctionTests : FunctionTest<DeadLetterFunction>
{
    private ITaskStore Store => Server.Host.Services.GetRequiredService<ITaskStore>();

    [Fact]
    public async Task ItsTaskFails()
    {
        ExpectError("because its run request was dead-lettered");
        var id = await TestTasks.CreateAsync(Store);

        using var response = await SendEventAsync(PubSub.Event(PubSub.RunRequest(id)));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(TaskState.Failed, (await Store.ReadAsync(owner: null, id, default))!.State);
    }

    [Theory]
    [InlineData("""{"subscription":"s","message":{"messageId":"1","data":"bm90IEpTT04="}}""")]
    [InlineData("""{"subscription":"s"}""")]
    // {"\ud800":1}
    [InlineData("""{"subscription":"s","message":{"messageId":"1","data":"eyJcdWQ4MDAiOjF9"}}""")]
    public async Task WhatNobodyCanReadIsToldWithItsIdAndAcknowledged(string data)
    {
        ExpectError("Dead letter 7 is not a run request");

        using var response = await SendEventAsync(data);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private Task<HttpResponseMessage> SendEventAsync(string data) =>
        SendAsync(HttpMethod.Post, "/", Requests.Json(data), PubSub.EventHeaders);
}
