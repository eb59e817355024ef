using Google.Cloud.PubSub.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace ServerlessA2A.GoogleCloud.Tests.Packages.PubSub;

public class PublishTests : PubSubTest
{
    [SkippableFact]
    public async Task WhatIsPublishedIsPulledWithItsAttributes()
    {
        await SubscribeAsync();

        var id = await PublishAsync("Grüße 😀", ("traceparent", "00-1-2-01"), ("tenant", "a \"b\""));
        var received = Assert.Single(await PullAsync(1));

        Assert.Equal(id, received.Message.MessageId);
        Assert.Equal("Grüße 😀", received.Message.Data.ToStringUtf8());
        Assert.Equal("00-1-2-01", received.Message.Attributes["traceparent"]);
        Assert.Equal("a \"b\"", received.Message.Attributes["tenant"]);
        Assert.Equal("", received.Message.OrderingKey);
        Assert.NotNull(received.Message.PublishTime);
        Assert.NotEqual("", received.AckId);
    }

    [SkippableFact]
    public async Task ManyMessagesHaveTheirIdsInOrder()
    {
        await SubscribeAsync();

        var response = await Publisher.PublishAsync(
            TopicName, Enumerable.Range(0, 50).Select(n => new PubsubMessage { Data = ByteString.CopyFrom((byte)n) }),
            CancellationToken.None);
        var received = await PullAsync(50);

        Assert.Equal(50, response.MessageIds.Distinct().Count());
        Assert.Equal(
            response.MessageIds.Select((id, n) => (id, (byte)n)).Order(),
            received.Select(message => (message.Message.MessageId, message.Message.Data[0])).Order());
    }

    [SkippableFact]
    public async Task AnAcknowledgedMessageIsDoneAndAReturnedOneComesAgain()
    {
        await SubscribeAsync();
        await PublishAsync("done");
        var done = Assert.Single(await PullAsync(1));
        await Subscriber.AcknowledgeAsync(SubscriptionName, [done.AckId], CancellationToken.None);
        await PublishAsync("returned");

        var first = Assert.Single(await PullAsync(1));
        await Subscriber.ModifyAckDeadlineAsync(SubscriptionName, [first.AckId], 0, CancellationToken.None);
        var again = Assert.Single(await PullAsync(1));

        Assert.Equal("returned", again.Message.Data.ToStringUtf8());
        Assert.Equal(first.Message.MessageId, again.Message.MessageId);
    }

    [SkippableFact]
    public async Task ADeadLetterPolicyCountsDeliveriesAndInTheEndMovesTheMessage()
    {
        var deadLetters = new TopicName(TopicName.ProjectId, "dead-letters");
        var undertaker = new SubscriptionName(TopicName.ProjectId, "undertaker");
        await Publisher.CreateTopicAsync(deadLetters, CancellationToken.None);
        await Subscriber.CreateSubscriptionAsync(undertaker, deadLetters, null, 10, CancellationToken.None);
        await SubscribeAsync(
            subscription => subscription.DeadLetterPolicy = new() { DeadLetterTopic = deadLetters.ToString(), MaxDeliveryAttempts = 5 });
        await PublishAsync("hopeless");

        List<int> attempts = [];
        while (attempts.Count < 5)
        {
            var message = Assert.Single(await PullAsync(1));
            attempts.Add(message.DeliveryAttempt);
            await Subscriber.ModifyAckDeadlineAsync(SubscriptionName, [message.AckId], 0, CancellationToken.None);
        }
        // The emulator moves it only when somebody would have it for the sixth time.
        using var enough = new CancellationTokenSource();
        var sixth = Subscriber.PullAsync(SubscriptionName, 1, enough.Token);
        var dead = await PullAsync(1, undertaker);
        await enough.CancelAsync();

        Assert.Equal([1, 2, 3, 4, 5], attempts);
        await Assert.ThrowsAsync<RpcException>(() => sixth);
        Assert.Equal("hopeless", Assert.Single(dead).Message.Data.ToStringUtf8());
    }

    [SkippableFact]
    public async Task MessagesOfOneKeyKeepTheirOrder()
    {
        await SubscribeAsync(subscription => subscription.EnableMessageOrdering = true);

        foreach (var n in Enumerable.Range(0, 20))
            await Publisher.PublishAsync(
                TopicName, [new PubsubMessage { Data = ByteString.CopyFrom((byte)n), OrderingKey = "task" }], CancellationToken.None);
        List<byte> order = [];
        while (order.Count < 20)
        {
            var received = await PullAsync(1);
            order.AddRange(received.Select(message => message.Message.Data[0]));
            Assert.All(received, message => Assert.Equal("task", message.Message.OrderingKey));
            await Subscriber.AcknowledgeAsync(SubscriptionName, received.Select(message => message.AckId), CancellationToken.None);
        }

        Assert.Equal(Enumerable.Range(0, 20).Select(n => (byte)n), order);
    }

    [SkippableFact]
    public async Task ASubscriptionIsAsItWasMade()
    {
        await SubscribeAsync(subscription =>
        {
            subscription.AckDeadlineSeconds = 600;
            subscription.PushConfig = new() { PushEndpoint = "http://127.0.0.1:9/projects/p/topics/t" };
            subscription.RetryPolicy = new()
            {
                MinimumBackoff = Duration.FromTimeSpan(TimeSpan.FromSeconds(10)),
                MaximumBackoff = Duration.FromTimeSpan(TimeSpan.FromSeconds(600))
            };
        });

        var subscription = await Subscriber.GetSubscriptionAsync(SubscriptionName, CancellationToken.None);

        Assert.Equal(SubscriptionName, subscription.SubscriptionName);
        Assert.Equal(TopicName, subscription.TopicAsTopicName);
        Assert.Equal(600, subscription.AckDeadlineSeconds);
        Assert.Equal("http://127.0.0.1:9/projects/p/topics/t", subscription.PushConfig.PushEndpoint);
        Assert.Equal(TimeSpan.FromSeconds(10), subscription.RetryPolicy.MinimumBackoff.ToTimeSpan());
        Assert.Equal(TimeSpan.FromSeconds(600), subscription.RetryPolicy.MaximumBackoff.ToTimeSpan());
        Assert.False(subscription.EnableMessageOrdering);
        Assert.Equal(TopicName, (await Publisher.GetTopicAsync(TopicName, CancellationToken.None)).TopicName);
    }

    [SkippableFact]
    public async Task NamesMayBeTexts()
    {
        await SubscribeAsync();
        var (topic, subscription) = ($"{TopicName}", $"{SubscriptionName}");

        await Publisher.PublishAsync(topic, [new PubsubMessage { Data = ByteString.CopyFrom(1) }], CancellationToken.None);
        var received = Assert.Single((await Subscriber.PullAsync(subscription, 1, CancellationToken.None)).ReceivedMessages);
        await Subscriber.ModifyAckDeadlineAsync(subscription, [received.AckId], 60, CancellationToken.None);
        await Subscriber.AcknowledgeAsync(subscription, [received.AckId], CancellationToken.None);

        Assert.Equal(topic, (await Publisher.GetTopicAsync(topic, CancellationToken.None)).Name);
        Assert.Equal(subscription, (await Subscriber.GetSubscriptionAsync(subscription, CancellationToken.None)).Name);
        await Subscriber.DeleteSubscriptionAsync(subscription, CancellationToken.None);
        await Publisher.DeleteTopicAsync(topic, CancellationToken.None);
        var gone = await Assert.ThrowsAsync<RpcException>(() => Publisher.GetTopicAsync(topic, CancellationToken.None));
        Assert.Equal(StatusCode.NotFound, gone.StatusCode);
    }

    [SkippableFact]
    public async Task WhatIsThereAlreadyOrNotAtAllIsSaid()
    {
        await SubscribeAsync();
        var missing = new TopicName(TopicName.ProjectId, "missing");

        var topicAgain = await Assert.ThrowsAsync<RpcException>(() => Publisher.CreateTopicAsync(TopicName, CancellationToken.None));
        var subscriptionAgain = await Assert.ThrowsAsync<RpcException>(
            () => Subscriber.CreateSubscriptionAsync(SubscriptionName, TopicName, null, 0, CancellationToken.None));
        var toNowhere = await Assert.ThrowsAsync<RpcException>(
            () => Publisher.PublishAsync(missing, [new PubsubMessage { Data = ByteString.CopyFrom(1) }], CancellationToken.None));
        var fromNowhere = await Assert.ThrowsAsync<RpcException>(
            () => Subscriber.PullAsync(new SubscriptionName(TopicName.ProjectId, "missing"), 1, CancellationToken.None));
        var nothing = await Assert.ThrowsAsync<RpcException>(() => Publisher.GetTopicAsync(missing, CancellationToken.None));
        var empty = await Assert.ThrowsAsync<RpcException>(
            () => Publisher.PublishAsync(TopicName, [new PubsubMessage()], CancellationToken.None));

        Assert.Equal(
            [StatusCode.AlreadyExists, StatusCode.AlreadyExists, StatusCode.NotFound, StatusCode.NotFound, StatusCode.NotFound,
            StatusCode.InvalidArgument],
            new[] { topicAgain, subscriptionAgain, toNowhere, fromNowhere, nothing, empty }.Select(failure => failure.StatusCode));
    }

    [SkippableFact]
    public async Task WhatIsDeletedIsGone()
    {
        await SubscribeAsync();

        await Subscriber.DeleteSubscriptionAsync(SubscriptionName, CancellationToken.None);
        await Publisher.DeleteTopicAsync(TopicName, CancellationToken.None);

        var subscription = await Assert.ThrowsAsync<RpcException>(
            () => Subscriber.GetSubscriptionAsync(SubscriptionName, CancellationToken.None));
        var topic = await Assert.ThrowsAsync<RpcException>(() => Publisher.GetTopicAsync(TopicName, CancellationToken.None));
        Assert.Equal((StatusCode.NotFound, StatusCode.NotFound), (subscription.StatusCode, topic.StatusCode));
    }

    [SkippableFact]
    public async Task APullThatWaitsIsCancelled()
    {
        await SubscribeAsync();
        using var cancellation = new CancellationTokenSource();

        var pull = Subscriber.PullAsync(SubscriptionName, 1, cancellation.Token);
        await cancellation.CancelAsync();

        var failure = await Assert.ThrowsAsync<RpcException>(() => pull);
        Assert.Equal(StatusCode.Cancelled, failure.StatusCode);
    }

    [SkippableFact]
    public void NamesAreTakenApartAndPutTogether()
    {
        Assert.Equal("projects/p/topics/t", TopicName.Format("p", "t"));
        Assert.Equal(TopicName.FromProjectTopic("p", "t"), TopicName.Parse("projects/p/topics/t"));
        Assert.True(new SubscriptionName("p", "s") == SubscriptionName.FromProjectSubscription("p", "s"));
        Assert.True(new SubscriptionName("p", "s") != SubscriptionName.Parse("projects/p/subscriptions/other"));
        Assert.Equal("projects/p/subscriptions/s", SubscriptionName.Format("p", "s"));
        Assert.False(TopicName.TryParse("projects/p/subscriptions/s", out _));
        Assert.Throws<ArgumentException>(() => TopicName.Parse("t"));
        Assert.Throws<ArgumentException>(() => new TopicName("p", ""));
    }
}
