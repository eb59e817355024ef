using Google.Cloud.Firestore;
using Google.Cloud.PubSub.V1;
using Google.Protobuf;
using Grpc.Core;

namespace ServerlessA2A.GoogleCloud.Tests.Packages;

/// <summary>Known differences between stand-ins and Google's packages; google-packages/README.md lists them.</summary>
public class DifferenceTests
{
    public DifferenceTests() => StandIns.Require();

    [SkippableFact]
    public void TheProjectIsNotDetected()
    {
        var failure = Assert.Throws<InvalidOperationException>(
            new FirestoreDbBuilder { Endpoint = "127.0.0.1:1", ChannelCredentials = ChannelCredentials.Insecure }.Build);

        Assert.Contains("ProjectId must be set", failure.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void ObjectsAreNotStored()
    {
        var database = new FirestoreDbBuilder
        {
            ProjectId = "p",
            Endpoint = "127.0.0.1:1",
            ChannelCredentials = ChannelCredentials.Insecure
        }.Build();

        Assert.Throws<ArgumentException>(() => database.StartBatch().Set(database.Document("a/b"), new { Name = "x" }));
    }

    /// <summary>Google's client limits each attempt as well, and its delays are random from zero on.</summary>
    [SkippableFact]
    public async Task RetriesAreThoseOfGrpc()
    {
        await using var server = await AnsweringServer.StartHttp2Async(context =>
        {
            context.Response.ContentType = "application/grpc";
            context.Response.Headers["grpc-status"] = $"{(int)StatusCode.Unavailable}";
            return Task.CompletedTask;
        });
        var publisher = new PublisherServiceApiClientBuilder
        {
            Endpoint = server.Host,
            ChannelCredentials = ChannelCredentials.Insecure
        }.Build();

        var message = new PubsubMessage { Data = ByteString.CopyFrom(1) };
        var failure = await Assert.ThrowsAsync<RpcException>(
            () => publisher.PublishAsync(new TopicName("p", "topic"), [message], CancellationToken.None));

        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        Assert.Equal(5, server.Requests.Count);
        Assert.All(server.Requests, request => Assert.Null(request.Authorization));
    }
}
