using System.Net;
using System.Text.Json;
using Google.Cloud.Functions.Testing;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Functions.Tests.Support;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.Functions.Tests.Functions;

/// <summary>As it is deployed: what one function has taken another one runs. They share nothing but the store.</summary>
public class RunTaskFunctionTests : FunctionTest<RunTaskFunction>
{
    private readonly TestSetup _messages;
    private readonly FunctionTestServer _messageFunction;
    private readonly HttpClient _client;

    public RunTaskFunctionTests()
    {
        var store = Server.Host.Services.GetRequiredService<ITaskStore>();
        _messages = new TestSetup { Services = services => services.AddSingleton(store) };
        _messageFunction = FunctionTestServerBuilder.Create<MessageFunction>().UseFunctionsStartups(_messages, new Startup()).Build();
        _client = _messageFunction.CreateClient();
    }

    [Fact]
    public async Task AnEventAsEventarcSendsItRunsItsTask()
    {
        var id = await SubmitAsync("hello");

        using var response = await SendEventAsync(PubSub.Event(PubSub.RunRequest(id)));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await AssertCompletedAsync(id, "hello");
    }

    [Fact]
    public async Task APushAsTheEmulatorSendsItRunsItsTask()
    {
        var id = await SubmitAsync("hello");

        using var response = await SendAsync(
            HttpMethod.Post, "/projects/p/topics/a2a-tasks", Requests.Json(PubSub.Event(PubSub.RunRequest(id))));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await AssertCompletedAsync(id, "hello");
    }

    [Fact]
    public async Task AnEventThatComesAgainIsAcknowledgedWithoutEffect()
    {
        var id = await SubmitAsync("hello");
        using var first = await SendEventAsync(PubSub.Event(PubSub.RunRequest(id)));
        var ended = await GetAsync(id);

        using var second = await SendEventAsync(PubSub.Event(PubSub.RunRequest(id)));

        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.True(JsonElement.DeepEquals(ended, await GetAsync(id)));
    }

    [Fact]
    public async Task AnEventOfATaskThatIsNotThereIsAcknowledged()
    {
        using var response = await SendEventAsync(PubSub.Event(PubSub.RunRequest("gone")));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("""{"subscription":"s","message":{"messageId":"1"}}""")]
    [InlineData("""{"subscription":"s","message":{"messageId":"1","data":"e30="}}""")]
    [InlineData("""{"subscription":"s","message":{"messageId":"1","data":"bm90IEpTT04="}}""")]
    [InlineData("""{"subscription":"s","message":{"messageId":"1","data":"not base64"}}""")]
    [InlineData("""{"subscription":"s"}""")]
    [InlineData("[]")]
    public async Task AMalformedMessageIsNotAcknowledged(string data)
    {
        // The test server hands the exception on; a real one answers 500, and Pub/Sub delivers again until the dead letters get it.
        await Assert.ThrowsAsync<InvalidDataException>(() => SendEventAsync(data));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not JSON")]
    [InlineData("{}")]
    public async Task WhatIsNoEventAtAllIsABadRequest(string body)
    {
        ExpectError("Google.Cloud.Functions.Framework.CloudEventAdapter");

        using var response = await SendAsync(HttpMethod.Post, "/", Requests.Json(body));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    public override async Task DisposeAsync()
    {
        _client.Dispose();
        _messageFunction.Dispose();
        Assert.Empty(_messages.Errors.Entries);
        await base.DisposeAsync();
    }

    private async Task<string> SubmitAsync(string text) =>
        (await _client.CallAsync(Requests.Send(text, returnImmediately: true))).GetProperty("task").GetProperty("id").GetString()!;

    private Task<JsonElement> GetAsync(string id) =>
        _client.CallAsync($$$"""{"jsonrpc":"2.0","id":1,"method":"GetTask","params":{"id":"{{{id}}}"}}""");

    private async Task AssertCompletedAsync(string id, string text)
    {
        var task = await GetAsync(id);
        Assert.Equal("TASK_STATE_COMPLETED", task.State());
        Assert.Contains($"\"{text}\"", task.ArtifactText(), StringComparison.Ordinal);
    }

    private Task<HttpResponseMessage> SendEventAsync(string data) =>
        SendAsync(HttpMethod.Post, "/", Requests.Json(data), PubSub.EventHeaders);
}
