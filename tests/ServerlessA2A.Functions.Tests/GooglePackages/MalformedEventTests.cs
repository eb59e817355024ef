using System.Net;
using Google.Cloud.Functions.Framework;
using Google.Cloud.Functions.Testing;
using Microsoft.Extensions.Logging;
using ServerlessA2A.Functions.Tests.GooglePackages.Functions;

namespace ServerlessA2A.Functions.Tests.GooglePackages;

/// <summary>Delivering such an event again would not help, so the function is not asked and the answer is 400.</summary>
public class MalformedEventTests
{
    private readonly Recorder recorder = new();

    [Theory]
    [InlineData("""{"specversion":"1.0","id":"1","source":"s"}""")]
    [InlineData("""{"specversion":"1.0","id":"","source":"s","type":"t"}""")]
    [InlineData("""{"specversion":"1.0","id":5,"source":"s","type":"t"}""")]
    [InlineData("""{"specversion":"9.9","id":"1","source":"s","type":"t"}""")]
    [InlineData("""{"id":"1","source":"s","type":"t"}""")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"s","type":"t","time":"yesterday"}""")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"s","type":"t","extra":[1]}""")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"s","type":"t","Upper":"x"}""")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"s","type":"t","data":{},"data_base64":"AQI="}""")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"s","type":"t","data_base64":5}""")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"s","type":"t","datacontenttype":"text/plain","data":{}}""")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("")]
    public async Task AMalformedStructuredEventIsABadRequest(string body)
    {
        using var content = new StringContent(body, null, "application/cloudevents+json");
        using var server = recorder.Serve<UntypedFunction>();

        await AssertBadRequestAsync(server, content, typeof(CloudEventAdapter));
    }

    [Theory]
    [InlineData("ce-id", null)]
    [InlineData("ce-type", null)]
    [InlineData("ce-source", null)]
    [InlineData("ce-specversion", "0.1")]
    [InlineData("ce-time", "yesterday")]
    [InlineData("ce-id", "%GG")]
    [InlineData("ce-id", "%E2%82")]
    [InlineData("ce-dataschema", "/relative")]
    public async Task AMalformedBinaryEventIsABadRequest(string header, string? value)
    {
        using var content = new StringContent("{}", null, "application/json")
        {
            Headers = { { "ce-id", "1" }, { "ce-type", "t" }, { "ce-source", "s" }, { "ce-specversion", "1.0" } },
        };
        content.Headers.Remove(header);
        if (value is not null)
            content.Headers.Add(header, value);
        using var server = recorder.Serve<UntypedFunction>();

        await AssertBadRequestAsync(server, content, typeof(CloudEventAdapter));
    }

    [Fact]
    public async Task DataThatIsNotOfTheFunctionsTypeIsABadRequest()
    {
        using var content = new StringContent("""{"specversion":"1.0","id":"1","source":"s","type":"t","data":{"count":"many"}}""", null, "application/cloudevents+json");
        using var server = recorder.Serve<OrderFunction>();

        await AssertBadRequestAsync(server, content, typeof(CloudEventAdapter<Order>));
    }

    private async Task AssertBadRequestAsync(FunctionTestServer server, HttpContent content, Type adapter)
    {
        using var client = server.CreateClient();
        using var response = await client.PostAsync(new Uri("/", UriKind.Relative), content);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Empty(recorder.Events);
        Assert.Equal(LogLevel.Error, Assert.Single(server.GetLogEntries(adapter)).Level);
    }
}
