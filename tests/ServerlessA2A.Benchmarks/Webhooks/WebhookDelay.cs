using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Benchmarks.Emulators;
using ServerlessA2A.Functions.Local.Emulators;
using ServerlessA2A.GoogleCloud.PubSub;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.PushNotifications;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Security;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Support;
using ServerlessA2A.Webhooks.Delivery;

namespace ServerlessA2A.Benchmarks.Webhooks;

/// <summary>How long it takes from the end of a task in its log to the call of its webhook, on the emulators.</summary>
internal static class WebhookDelay
{
    private const int Tasks = 60;
    private const int WarmUp = 10;
    private const string Topic = "a2a-notifications";
    private const string Floor = "webhook-floor";

    private static readonly CallContext Call = new() { Caller = new Caller("", "benchmark"), Version = ProtocolVersion.V1_0 };
    private static readonly ConcurrentDictionary<string, long> Ended = new();

    public static async Task RunAsync(Report report)
    {
        if (Emulator.Firestore.Find(out var missing) is null || Emulator.PubSub.Find(out missing) is null)
        {
            Console.WriteLine($"The delay of webhooks is not measured. {missing}");
            return;
        }

        var called = new ConcurrentDictionary<string, TaskCompletionSource<long>>();
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = (received, _) =>
        {
            var now = Stopwatch.GetTimestamp();
            if (received.State == "TASK_STATE_COMPLETED")
                called[received.Path].TrySetResult(now);
            return Task.FromResult((204, (string?)null));
        };
        await using var pair = await EmulatorPair.StartAsync(
            AddAgent, ("A2A:Agent:PushNotifications", "true"), ("A2A:Webhooks:AllowLoopback", "true"));
        var delivery = pair.GetFromRuns<WebhookDelivery>();
        await pair.BridgeAsync(
            Topic,
            message => delivery.DeliverAsync(DeliveryMessage.Read(new PubSubMessage { Data = message.Data.Memory }),
            CancellationToken.None));
        var pulled = new ConcurrentDictionary<string, TaskCompletionSource<long>>();
        await pair.BridgeAsync(Floor, message =>
        {
            pulled[message.Data.ToStringUtf8()].TrySetResult(Stopwatch.GetTimestamp());
            return Task.CompletedTask;
        });

        var (floor, ours) = (new List<double>(), new List<double>());
        for (var i = 0; i < WarmUp + Tasks; i++)
        {
            var (published, webhook) = (await PublishAsync($"{i}"), await SendAsync($"/{i}"));
            if (i < WarmUp)
                continue;
            floor.Add(published);
            ours.Add(webhook);
        }

        report.Add("a task's end to its webhook's call: median", [Report.Median(floor)], [Report.Median(ours)], " ms", Target.None);
        report.Add("a task's end to its webhook's call: 95 %", [Most(floor)], [Most(ours)], " ms", Target.None);

        async Task<double> PublishAsync(string id)
        {
            var arrival = pulled[id] = NewArrival();
            var began = Stopwatch.GetTimestamp();
            await pair.PublishAsync(Floor, id);
            return Stopwatch.GetElapsedTime(began, await arrival.Task.WithinLimit("the message is pulled")).TotalMilliseconds;
        }

        async Task<double> SendAsync(string path)
        {
            var arrival = called[path] = NewArrival();
            var task = (await pair.Lifecycle.SendAsync(Call, WebhookLoad.Request(new Uri(receiver.Address, path)), default)).Task!;
            var end = await arrival.Task.WithinLimit("the webhook is called");
            return Stopwatch.GetElapsedTime(Ended[task.Id], end).TotalMilliseconds;
        }
    }

    private static void AddAgent(IServiceCollection services, IConfiguration configuration)
    {
        services.AddAgent<StampingAgent>();
        services.AddSingleton<TaskWebhooks>();
        services.AddSingleton<IWebhooks>(static provider => new StampingWebhooks(provider.GetRequiredService<TaskWebhooks>()));
    }

    private static TaskCompletionSource<long> NewArrival() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static double Most(List<double> times) => times.Order().ElementAt((int)(times.Count * 0.95));

    /// <summary>Comes first after an append.</summary>
    private sealed class StampingWebhooks(TaskWebhooks webhooks) : IWebhooks
    {
        public ValueTask<Webhook?> AcceptAsync(
            CallContext call, string taskId, TaskPushNotificationConfig? config, CancellationToken cancellationToken) =>
            webhooks.AcceptAsync(call, taskId, config, cancellationToken);

        public ValueTask AppendedAsync(TaskSnapshot task, LogEntry entry)
        {
            if (entry.Events.Any(static each => each is StatusChanged { State: TaskState.Completed }))
                Ended[task.Id] = Stopwatch.GetTimestamp();
            return webhooks.AppendedAsync(task, entry);
        }
    }
}
