using ServerlessA2A.Client.Webhooks;
using ServerlessA2A.Protocol;

namespace ServerlessA2A.Client.AspNetCore.Tests;

public class EventOrderTests
{
    [Fact]
    public async Task RepeatsAreDropped()
    {
        var order = new EventOrder();
        var handled = new List<string?>();

        foreach (var key in (string?[])["t:1", "t:2", "t:2", "t:1", "t:3", "u:1", null, null, "other", "other"])
        {
            await order.RunAsync(
                Event(key), (received, _) =>
                {
                    handled.Add(received.Key);
                    return Task.CompletedTask;
                },
                CancellationToken.None);
        }

        Assert.Equal(["t:1", "t:2", "t:3", "u:1", null, null, "other"], handled);
    }

    [Fact]
    public async Task ANumberOfAnotherTaskDropsNothing()
    {
        var order = new EventOrder();

        await order.RunAsync(Event("x:9223372036854775807", "t"), (_, _) => Task.CompletedTask, CancellationToken.None);

        Assert.True(await order.RunAsync(Event("t:1"), (_, _) => Task.CompletedTask, CancellationToken.None));
    }

    [Fact]
    public async Task WhatFailedIsNoRepeat()
    {
        var order = new EventOrder();

        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            order.RunAsync(Event("t:1"), (_, _) => throw new InvalidOperationException(), CancellationToken.None));

        Assert.True(await order.RunAsync(Event("t:1"), (_, _) => Task.CompletedTask, CancellationToken.None));
    }

    [Fact]
    public async Task EventsOfATaskWaitForEachOtherAndThoseOfOthersDoNot()
    {
        var order = new EventOrder();
        var gate = new TaskCompletionSource();

        var first = order.RunAsync(Event("t:1"), (_, _) => gate.Task, CancellationToken.None);
        var second = order.RunAsync(Event("t:2"), (_, _) => Task.CompletedTask, CancellationToken.None);
        Assert.True(await order.RunAsync(Event("u:1"), (_, _) => Task.CompletedTask, CancellationToken.None));
        Assert.False(second.IsCompleted);
        gate.SetResult();

        Assert.True(await first);
        Assert.True(await second);
    }

    [Fact]
    public async Task OldTasksAreForgotten()
    {
        var order = new EventOrder(mostTasks: 2);
        foreach (var key in (string[])["a:1", "b:1", "c:1"])
            await order.RunAsync(Event(key), (_, _) => Task.CompletedTask, CancellationToken.None);

        Assert.True(await order.RunAsync(Event("a:1"), (_, _) => Task.CompletedTask, CancellationToken.None));
        Assert.False(await order.RunAsync(Event("c:1"), (_, _) => Task.CompletedTask, CancellationToken.None));
    }

    /// <summary>
    /// A sender as ours is: it sends an event again until it is accepted, and only then the next one. The network delivers copies of what
    /// was sent at any later time, and handlers fail. Each event is handled once, in order.
    /// </summary>
    [Fact]
    public async Task DuplicatesReorderingAndFailuresLeaveEachEventOnceInOrder()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var order = new EventOrder();
            var handled = new Dictionary<string, List<long>>();
            var late = new List<WebhookEvent>();
            var failures = 0;
            var tasks = Enumerable.Range(0, 3).ToDictionary(i => $"task{i}", _ => random.Next(1, 12));
            var next = tasks.Keys.ToDictionary(each => each, _ => 1);
            Task Handle(WebhookEvent received, CancellationToken cancellationToken)
            {
                if (random.Next(4) == 0 && failures++ < 50) throw new InvalidOperationException();
                if (!handled.TryGetValue(received.TaskId, out var numbers)) handled[received.TaskId] = numbers = [];
                numbers.Add(received.Number!.Value);
                return Task.CompletedTask;
            }

            while (tasks.Keys.Where(each => next[each] <= tasks[each]).ToList() is { Count: > 0 } open)
            {
                var task = open[random.Next(open.Count)];
                var isLate = late.Count > 0 && random.Next(2) == 0;
                var sent = isLate ? late[random.Next(late.Count)] : Event($"{task}:{next[task]}");
                try
                {
                    await order.RunAsync(sent, Handle, CancellationToken.None);
                    if (isLate) continue;
                    next[task]++;
                    late.Add(sent);
                }
                catch (InvalidOperationException)
                {
                    // Sent again: the number stays. The copy of it that is under way may be the one that succeeds.
                    late.Add(sent);
                }
            }

            foreach (var (task, count) in tasks)
                Assert.Equal(Enumerable.Range(1, count).Select(i => (long)i), handled[task]);
            Assert.Equal(tasks.Count, handled.Count);
        }
    }

    private static WebhookEvent Event(string? key, string? taskId = null) => new()
    {
        TaskId = taskId ?? key?.Split(':')[0] ?? "n",
        Key = key,
        Version = ProtocolVersion.V1_0,
        Item = new(),
    };
}
