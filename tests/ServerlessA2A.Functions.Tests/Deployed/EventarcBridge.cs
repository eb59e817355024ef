using System.Collections.Concurrent;
using System.Globalization;
using Google.Cloud.PubSub.V1;
using Grpc.Core;
using ServerlessA2A.Functions.Tests.Support;
using ServerlessA2A.GoogleCloud.PubSub;

namespace ServerlessA2A.Functions.Tests.Deployed;

/// <summary>
/// Eventarc: pulls from subscriptions, posts each message to the instances of a function in turn as the CloudEvent that Eventarc would
/// send, acknowledges it on 2xx and gives it back otherwise.
/// </summary>
internal sealed class EventarcBridge(SubscriberServiceApiClient subscriber) : IAsyncDisposable
{
    private static readonly TimeSpan BackOff = TimeSpan.FromMilliseconds(200);

    private readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _pulls = [];
    private readonly ConcurrentDictionary<string, bool> _settled = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _acknowledged = new();
    private int _turn;

    /// <summary>
    /// What becomes of the messages that were pulled together: they are delivered as they are handed back, so that a test can double,
    /// shift or lose them.
    /// </summary>
    public Func<TopicName, IReadOnlyList<ReceivedMessage>, IEnumerable<ReceivedMessage>> Arrange { get; set; } = (_, messages) => messages;

    /// <summary>Completes when a function has taken the message.</summary>
    public Task AcknowledgedAsync(string messageId) => AcknowledgementOf(messageId).Task;

    /// <summary>Delivers from now on what comes from the subscription.</summary>
    public void Connect(TopicName topic, SubscriptionName subscription, params IReadOnlyList<FunctionInstance> instances) =>
        _pulls.Add(PullAsync(topic, subscription, instances));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_pulls);
        _http.Dispose();
        _stop.Dispose();
    }

    private async Task PullAsync(TopicName topic, SubscriptionName subscription, IReadOnlyList<FunctionInstance> instances)
    {
        var deliveries = new List<Task>();
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var received = (await subscriber.PullAsync(subscription, 100, _stop.Token)).ReceivedMessages;
                var arranged = Arrange(topic, received).ToList();
                var lost = received.Except(arranged).Select(each => each.AckId).ToList();
                if (lost.Count > 0)
                    await subscriber.AcknowledgeAsync(subscription, lost, CancellationToken.None);
                deliveries.RemoveAll(delivery => delivery.IsCompletedSuccessfully);
                deliveries.AddRange(arranged.Select(message => DeliverAsync(topic, subscription, message, instances)));
            }
            catch (Exception failure) when (
                failure is OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled or StatusCode.DeadlineExceeded })
            {
                // Nothing has come, or it is over.
            }
            catch (RpcException)
            {
                // Pub/Sub is away: what it holds comes when it is back.
                await Task.Delay(BackOff, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await Task.WhenAll(deliveries);
    }

    private async Task DeliverAsync(
        TopicName topic, SubscriptionName subscription, ReceivedMessage received, IReadOnlyList<FunctionInstance> instances)
    {
        var isTaken = await IsTakenAsync(topic, subscription, received, instances);
        if (isTaken)
            AcknowledgementOf(received.Message.MessageId).TrySetResult();
        // Once: where a message that was given back is acknowledged, because a test has doubled it, the emulator delivers again nothing
        // that waits.
        if (!_settled.TryAdd(received.AckId, isTaken))
            return;
        await (isTaken
            ? subscriber.AcknowledgeAsync(subscription, [received.AckId], CancellationToken.None)
            : subscriber.ModifyAckDeadlineAsync(subscription, [received.AckId], 0, CancellationToken.None));
    }

    private async Task<bool> IsTakenAsync(
        TopicName topic, SubscriptionName subscription, ReceivedMessage received, IReadOnlyList<FunctionInstance> instances)
    {
        var turn = (uint)Interlocked.Increment(ref _turn);
        for (var i = 0u; i < instances.Count; i++)
        {
            var instance = instances[(int)((turn + i) % instances.Count)];
            try
            {
                using var request = ToRequest(topic, subscription, received.Message, instance.Client.BaseAddress!);
                using var response = await _http.SendAsync(request, _stop.Token);
                return response.IsSuccessStatusCode;
            }
            catch (HttpRequestException refused) when (refused.HttpRequestError == HttpRequestError.ConnectionError)
            {
                // Cloud Run routes no request to an instance that is gone while there is another one.
            }
            catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
            {
                // The instance dies while it works, or this bridge ends.
                return false;
            }
        }

        return false;
    }

    private TaskCompletionSource AcknowledgementOf(string messageId) =>
        _acknowledged.GetOrAdd(messageId, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));

    private static HttpRequestMessage ToRequest(TopicName topic, SubscriptionName subscription, PubsubMessage message, Uri address)
    {
        var time = message.PublishTime.ToDateTimeOffset();
        var data = new PubSubEvent
        {
            Subscription = $"{subscription}",
            Message = new PubSubMessage
            {
                Data = message.Data.Memory,
                Attributes = new Dictionary<string, string>(message.Attributes),
                MessageId = message.MessageId,
                PublishTime = time,
            },
        };
        return new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = Requests.Json(data.ToCloudEventData().GetRawText()),
            Headers =
            {
                { "ce-id", message.MessageId },
                { "ce-type", "google.cloud.pubsub.topic.v1.messagePublished" },
                { "ce-source", $"//pubsub.googleapis.com/{topic}" },
                { "ce-specversion", "1.0" },
                { "ce-time", time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture) },
            },
        };
    }
}
