using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Functions.Tests.Support;
using ServerlessA2A.InMemory;

namespace ServerlessA2A.Functions.Tests.Functions;

public class MessageFunctionTests() : FunctionTest<MessageFunction>()
{
    [Fact]
    public async Task AMessageMakesATaskAndAsksForItsRun()
    {
        using var client = Server.CreateClient();

        var task = (await client.CallAsync(Requests.Send("hello", returnImmediately: true))).GetProperty("task");

        Assert.Equal("TASK_STATE_SUBMITTED", task.State());
        var queue = Server.Host.Services.GetRequiredService<InMemoryTaskQueue>();
        await using var requests = queue.TakeAllAsync(CancellationToken.None).GetAsyncEnumerator();
        Assert.True(await requests.MoveNextAsync());
        Assert.Equal(task.GetProperty("id").GetString(), requests.Current.TaskId);
    }

    [Fact]
    public async Task TheSameTaskIsThereOverHttpJson()
    {
        using var client = Server.CreateClient();
        var sent = (await client.CallAsync(Requests.Send("hello", returnImmediately: true))).GetProperty("task");

        using var read = JsonDocument.Parse(
            await client.GetStringAsync(new Uri($"/tasks/{sent.GetProperty("id").GetString()}", UriKind.Relative)));

        Assert.True(JsonElement.DeepEquals(sent, read.RootElement));
    }

    [Fact]
    public async Task WithoutAnAddressOfItsOwnTheCardIsServedHere()
    {
        using var response = await SendAsync(HttpMethod.Get, "/.well-known/agent-card.json");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task WhatIsNotJsonIsAnsweredAsAnErrorOfTheProtocolAndNotLoggedAsOne()
    {
        using var response = await SendAsync(HttpMethod.Post, "/", Requests.Json("{"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal(-32700, answer.RootElement.GetProperty("error").GetProperty("code").GetInt32());
    }
}
