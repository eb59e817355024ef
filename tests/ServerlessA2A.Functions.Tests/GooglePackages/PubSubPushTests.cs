using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using ServerlessA2A.Functions.Tests.GooglePackages.Functions;

namespace ServerlessA2A.Functions.Tests.GooglePackages;

/// <summary>A push as the Pub/Sub emulator sends it is not a CloudEvent; the function gets the one that Eventarc would have sent.</summary>
public class PubSubPushTests
{
    private const string Push = """{"subscription":"projects/p/subscriptions/s","message":{"data":"eyJpdGVtIjoidGVhIn0=","attributes":{"a":"b"},"messageId":"17","publishTime":"2026-01-02T03:04:05.678Z"}}""";

    private readonly Recorder recorder = new();

    [Fact]
    public async Task ItBecomesTheEventOfItsTopic()
    {
        Assert.Equal(HttpStatusCode.OK, await PushAsync("/projects/p/topics/a2a-tasks", Push));

        var cloudEvent = Assert.Single(recorder.Events);
        Assert.Equal(("17", "google.cloud.pubsub.topic.v1.messagePublished"), (cloudEvent.Id, cloudEvent.Type));
        Assert.Equal("//pubsub.googleapis.com/projects/p/topics/a2a-tasks", cloudEvent.Source!.ToString());
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero), cloudEvent.Time);
        Assert.Equal(("a2a-tasks", "application/json"), (cloudEvent["topic"], cloudEvent.DataContentType));
        var data = Assert.IsType<JsonElement>(cloudEvent.Data);
        Assert.Equal("projects/p/subscriptions/s", data.GetProperty("subscription").GetString());
        var message = data.GetProperty("message");
        Assert.Equal("{\"item\":\"tea\"}", Encoding.UTF8.GetString(message.GetProperty("data").GetBytesFromBase64()));
        Assert.Equal("b", message.GetProperty("attributes").GetProperty("a").GetString());
        Assert.Equal("17", message.GetProperty("messageId").GetString());
        Assert.Equal("2026-01-02T03:04:05.678Z", message.GetProperty("publishTime").GetString());
    }

    [Theory]
    [InlineData("2026-01-02T03:04:05Z", "2026-01-02T03:04:05.000Z")]
    [InlineData("2026-01-02T03:04:05.123456Z", "2026-01-02T03:04:05.123456Z")]
    public async Task ItsTimeIsWrittenAsEventarcWritesIt(string sent, string expected)
    {
        Assert.Equal(
            HttpStatusCode.OK,
            await PushAsync("/projects/p/topics/t", Push.Replace("2026-01-02T03:04:05.678Z", sent, StringComparison.Ordinal)));

        var cloudEvent = Assert.Single(recorder.Events);
        Assert.Equal(DateTimeOffset.Parse(sent, CultureInfo.InvariantCulture), cloudEvent.Time);
        Assert.Equal(expected, Assert.IsType<JsonElement>(cloudEvent.Data).GetProperty("message").GetProperty("publishTime").GetString());
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/projects/p/topics/")]
    [InlineData("/push/projects/p/topics/t")]
    public async Task WithoutATopicInThePathTheTopicIsUnknown(string path)
    {
        Assert.Equal(HttpStatusCode.OK, await PushAsync(path, Push));

        Assert.Equal(
            "//pubsub.googleapis.com/projects/unknown-project!/topics/unknown-topic!", Assert.Single(recorder.Events).Source!.ToString());
    }

    [Theory]
    [InlineData("""{"subscription":"s","message":{"data":"e30="}}""", "application/json")]
    [InlineData("""{"subscription":"s","message":{"messageId":17}}""", "application/json")]
    [InlineData("""{"message":{"data":"e30=","messageId":"17"}}""", "application/json")]
    [InlineData("""{"subscription":"s"}""", "application/json")]
    [InlineData("{}", "application/json")]
    [InlineData("[]", "application/json")]
    [InlineData("not JSON", "application/json")]
    [InlineData("", "application/json")]
    [InlineData(Push, "application/json; charset=utf-8")]
    [InlineData(Push, "text/plain")]
    public async Task WhatIsNoPushIsABadRequestAndDoesNotReachTheFunction(string body, string contentType)
    {
        Assert.Equal(HttpStatusCode.BadRequest, await PushAsync("/projects/p/topics/t", body, contentType));

        Assert.Empty(recorder.Events);
    }

    private async Task<HttpStatusCode> PushAsync(string path, string body, string contentType = "application/json")
    {
        using var server = recorder.Serve<UntypedFunction>();
        using var client = server.CreateClient();
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { { "Content-Type", contentType } } };
        using var response = await client.PostAsync(new Uri(path, UriKind.Relative), content);
        return response.StatusCode;
    }
}
