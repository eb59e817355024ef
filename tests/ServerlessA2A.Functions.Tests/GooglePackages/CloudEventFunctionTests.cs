using System.Net;
using System.Text.Json;
using CloudNative.CloudEvents;
using CloudNative.CloudEvents.Http;
using CloudNative.CloudEvents.SystemTextJson;
using ServerlessA2A.Functions.Tests.GooglePackages.Functions;

namespace ServerlessA2A.Functions.Tests.GooglePackages;

public class CloudEventFunctionTests
{
    private readonly Recorder recorder = new();

    [Fact]
    public async Task AnEventInBinaryModeAsEventarcSendsItReachesTheFunction()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/")
        {
            Content = new StringContent("""{"message":{"data":"e30=","messageId":"7"},"subscription":"s"}""", null, "application/json"),
            Headers =
            {
                { "ce-id", "7" },
                { "ce-type", "google.cloud.pubsub.topic.v1.messagePublished" },
                { "ce-source", "//pubsub.googleapis.com/projects/p/topics/t" },
                { "ce-specversion", "1.0" },
                { "ce-time", "2026-01-02T03:04:05.678Z" },
                { "ce-subject", "%E2%82%AC%20uro" },
                { "ce-topic", "t" },
            },
        };

        Assert.Equal(HttpStatusCode.OK, await SendAsync<UntypedFunction>(request));

        var cloudEvent = Assert.Single(recorder.Events);
        Assert.Equal(
            ("7", "google.cloud.pubsub.topic.v1.messagePublished", "\u20ac uro"), (cloudEvent.Id, cloudEvent.Type, cloudEvent.Subject));
        Assert.Equal("//pubsub.googleapis.com/projects/p/topics/t", cloudEvent.Source!.ToString());
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero), cloudEvent.Time);
        Assert.Equal("t", cloudEvent["topic"]);
        Assert.Equal("7", Assert.IsType<JsonElement>(cloudEvent.Data).GetProperty("message").GetProperty("messageId").GetString());
    }

    [Fact]
    public async Task AnEventInStructuredModeReachesTheFunction()
    {
        using var request = Structured("""{"specversion":"1.0","id":"1","source":"/here","type":"t","flag":true,"number":5,"data":{"item":"tea"}}""");

        Assert.Equal(HttpStatusCode.OK, await SendAsync<UntypedFunction>(request));

        var cloudEvent = Assert.Single(recorder.Events);
        Assert.Equal(("1", "t", "application/json"), (cloudEvent.Id, cloudEvent.Type, cloudEvent.DataContentType));
        Assert.Equal(("true", "5"), (cloudEvent["flag"], cloudEvent["number"]));
        Assert.Equal("tea", Assert.IsType<JsonElement>(cloudEvent.Data).GetProperty("item").GetString());
    }

    [Theory]
    [InlineData("""{"specversion":"1.0","id":"1","source":"s","type":"t","datacontenttype":"text/plain","data":"tea"}""", "tea")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"s","type":"t","datacontenttype":"image/png","data_base64":"AQI="}""", new byte[] { 1, 2 })]
    [InlineData("""{"specversion":"1.0","id":"1","source":"s","type":"t"}""", null)]
    public async Task DataIsReadAsItsContentTypeSays(string body, object? data)
    {
        using var request = Structured(body);

        Assert.Equal(HttpStatusCode.OK, await SendAsync<UntypedFunction>(request));

        Assert.Equal(data, Assert.Single(recorder.Events).Data);
    }

    [Theory]
    [InlineData(ContentMode.Binary)]
    [InlineData(ContentMode.Structured)]
    public async Task ATypedFunctionIsGivenItsDataInBothModes(ContentMode mode)
    {
        var cloudEvent = new CloudEvent
        {
            Id = "1",
            Type = "t",
            Source = new Uri("//here", UriKind.RelativeOrAbsolute),
            Subject = "\u20ac",
            Data = new Order("tea", 2)
        };
        using var request = new HttpRequestMessage(
            HttpMethod.Post, "/")
        { Content = cloudEvent.ToHttpContent(mode, new JsonEventFormatter()) };

        Assert.Equal(HttpStatusCode.OK, await SendAsync<OrderFunction>(request));

        Assert.Equal(new Order("tea", 2), Assert.Single(recorder.Orders));
        Assert.Equal("\u20ac", Assert.Single(recorder.Events).Subject);
    }

    [Fact]
    public async Task AnEventOfItsTypeAndDataAloneReachesATypedFunction()
    {
        using var test = new OrderFunctionTest(recorder);

        await test.ExecuteCloudEventRequestAsync("t", new Order("tea", 2), subject: "a");

        Assert.Equal(new Order("tea", 2), Assert.Single(recorder.Orders));
        var cloudEvent = Assert.Single(recorder.Events);
        Assert.Equal(("t", "a", "//test-source"), (cloudEvent.Type, cloudEvent.Subject, cloudEvent.Source!.ToString()));
    }

    [Fact]
    public async Task AWholeEventReachesAFunction()
    {
        using var test = new OrderFunctionTest(recorder);

        await test.ExecuteCloudEventRequestAsync(
            new CloudEvent { Id = "1", Type = "t", Source = new Uri("/s", UriKind.Relative), Data = new Order("tea", 3) });

        Assert.Equal(new Order("tea", 3), Assert.Single(recorder.Orders));
    }

    [Fact]
    public async Task AnExceptionOfTheFunctionIsNotAnswered()
    {
        // TestServer hands it through; Kestrel makes 500 of it, upon which Pub/Sub delivers again.
        using var request = Structured("""{"specversion":"1.0","id":"1","source":"s","type":"t"}""");

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => SendAsync<FailingFunction>(request));

        Assert.Equal("No luck today", failure.Message);
    }

    [Fact]
    public async Task ATypedFunctionWithoutAFormatterSaysSo()
    {
        using var request = Structured("""{"specversion":"1.0","id":"1","source":"s","type":"t"}""");

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => SendAsync<UnformattedFunction>(request));

        Assert.StartsWith("No CloudEventFormatter has been configured", failure.Message, StringComparison.Ordinal);
    }

    private static HttpRequestMessage Structured(string body) =>
        new(HttpMethod.Post, "/") { Content = new StringContent(body, null, "application/cloudevents+json") };

    private async Task<HttpStatusCode> SendAsync<TFunction>(HttpRequestMessage request)
    {
        using var server = recorder.Serve<TFunction>();
        using var client = server.CreateClient();
        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }
}
