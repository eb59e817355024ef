using System.Text;
using System.Text.Json;
using ServerlessA2A.GoogleCloud.PubSub;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.GoogleCloud.Tests.PubSub;

public class RunRequestMessageTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("enc:1:0123456789abcdef:AAAA")]
    public void ARequestSurvivesTheWayThroughAnEvent(string? token)
    {
        var request = new RunRequest("task-1") { AccessToken = token };
        var sent = new PubSubEvent { Message = new PubSubMessage { Data = RunRequestMessage.Write(request), MessageId = "7" } };

        var received = PubSubEvent.Read(JsonDocument.Parse(sent.ToCloudEventData().GetRawText()).RootElement);

        Assert.Equal(request, RunRequestMessage.Read(received.Message));
    }

    [Fact]
    public void AnEventThatHasNotLeftItsProcessIsReadAsItIs()
    {
        var sent = new PubSubEvent { Message = new PubSubMessage { Data = RunRequestMessage.Write(new RunRequest("task-1")) } };

        Assert.Same(sent, PubSubEvent.Read(sent));
    }

    [Fact]
    public void WhatEventarcSendsIsRead()
    {
        var data = Convert.ToBase64String("""{"taskId":"t-9"}"""u8);
        var json = $$$"""
            {
              "subscription": "projects/p/subscriptions/eventarc-s",
              "message": {
                "data": "{{{data}}}",
                "attributes": { "traceparent": "00-1-2-01" },
                "messageId": "1234", "message_id": "1234",
                "publishTime": "2026-11-21T01:02:03.456Z", "publish_time": "2026-11-21T01:02:03.456Z"
              }
            }
            """;

        var received = PubSubEvent.Read(JsonDocument.Parse(json).RootElement);

        Assert.Equal("t-9", RunRequestMessage.Read(received.Message).TaskId);
        Assert.Equal("00-1-2-01", received.Message.Attributes["traceparent"]);
        Assert.Equal(new DateTimeOffset(2026, 11, 21, 1, 2, 3, 456, TimeSpan.Zero), received.Message.PublishTime);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("null")]
    [InlineData("""{"message":null}""")]
    [InlineData("""{"message":{"data":"not base64!"}}""")]
    public void AnEventThatIsNoPubSubEventIsRefusedAndNotSwallowed(string json) =>
        Assert.Throws<InvalidDataException>(() => PubSubEvent.Read(JsonDocument.Parse(json).RootElement));

    [Fact]
    public void AnEventWithoutDataIsRefused() => Assert.Throws<InvalidDataException>(() => PubSubEvent.Read(null));

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"taskId":""}""")]
    [InlineData("""{"taskId":null}""")]
    [InlineData("""{"taskId":5}""")]
    [InlineData("not json")]
    public void AMessageThatNamesNoTaskIsRefusedAndItsIdIsTold(string payload)
    {
        var message = new PubSubMessage { Data = Encoding.UTF8.GetBytes(payload), MessageId = "4711" };

        var refused = Assert.Throws<InvalidDataException>(() => RunRequestMessage.Read(message));

        Assert.Contains("4711", refused.Message, StringComparison.Ordinal);
    }
}
