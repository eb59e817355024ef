using System.Text.Json;

namespace ServerlessA2A.Tests.Bindings.Harness.Protocols;

/// <summary>
/// One way to speak to the agent, a binding in a version: requests written by hand, answers put into words that all ways share.
/// </summary>
public abstract class Wire(HttpClient client)
{
    public HttpClient Client { get; } = client;

    public abstract bool IsV1 { get; }

    public abstract bool IsJsonRpc { get; }

    /// <summary>Whether the version can list tasks here: 0.3 cannot over JSON-RPC.</summary>
    public virtual bool CanList => true;

    /// <summary>Whether requests can name a tenant: those of 0.3 can in the path of HTTP+JSON only.</summary>
    public virtual bool HasTenants => IsV1 || !IsJsonRpc;

    public abstract HttpRequestMessage SendRequest(string text, SendOptions options);

    public abstract HttpRequestMessage StreamRequest(string text, SendOptions options);

    public abstract HttpRequestMessage GetRequest(string taskId, string? historyLength = null, string? tenant = null);

    public abstract HttpRequestMessage ListRequest(params (string Name, string Json)[] filters);

    public abstract HttpRequestMessage CancelRequest(string taskId);

    public abstract HttpRequestMessage SubscribeRequest(string taskId);

    public abstract HttpRequestMessage CreateConfigRequest(string taskId, string url, string? id);

    public abstract HttpRequestMessage GetConfigRequest(string taskId, string id);

    public abstract HttpRequestMessage ListConfigsRequest(string taskId);

    public abstract HttpRequestMessage DeleteConfigRequest(string taskId, string id);

    public abstract HttpRequestMessage ExtendedCardRequest();

    /// <summary>The task in a result of send.</summary>
    public abstract JsonElement TaskOf(JsonElement sendResult);

    /// <summary>The message in a result of send or in an event, in place of a task.</summary>
    public JsonElement MessageOf(JsonElement result)
    {
        if (IsV1 || !IsJsonRpc)
            return result.GetProperty(IsV1 ? "message" : "msg");
        Assert.Equal("message", result.GetProperty("kind").GetString());
        return result;
    }

    /// <summary>The name of a state, in 1.0's spelling.</summary>
    public abstract string StateOf(JsonElement task);

    /// <summary>What an event of a stream is about: task, message, statusUpdate or artifactUpdate, and its content.</summary>
    public abstract (string Kind, JsonElement Content) EventOf(JsonElement result);

    /// <summary>The webhook in a result, whatever is around it.</summary>
    public abstract JsonElement ConfigOf(JsonElement result);

    /// <summary>The webhooks of a list.</summary>
    public abstract IEnumerable<JsonElement> ConfigsOf(JsonElement result);

    public async Task<Reply> AskAsync(HttpRequestMessage request)
    {
        var (response, body) = await Client.ExchangeAsync(request);
        return Read(response, body);
    }

    public async Task<string> SendAsync(string text, SendOptions? options = null)
    {
        var reply = await AskAsync(SendRequest(text, options ?? new SendOptions()));
        Assert.Null(reply.ErrorCode);
        return TaskOf(reply.Result).GetProperty("id").GetString()!;
    }

    public Task<SseReader> StreamAsync(string text, SendOptions? options = null) =>
        Client.StreamAsync(StreamRequest(text, options ?? new SendOptions()));

    public Task<SseReader> SubscribeAsync(string taskId, string? lastEventId = null)
    {
        var request = SubscribeRequest(taskId);
        return Client.StreamAsync(lastEventId is null ? request : request.With("Last-Event-ID", lastEventId));
    }

    /// <summary>The media type of the whole answer to a request that says nothing in <c>Accept</c>.</summary>
    public virtual string AnswerTypeOf(HttpRequestMessage? request) => "application/json";

    public abstract Reply Read(HttpResponseMessage response, string body);
}
