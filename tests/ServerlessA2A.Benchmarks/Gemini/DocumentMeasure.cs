using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Benchmarks.Emulators;
using ServerlessA2A.FakeVertex;
using ServerlessA2A.Functions.Local.Emulators;
using ServerlessA2A.GoogleCloud.Tests.Firestore;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Security;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.Benchmarks.Gemini;

/// <summary>
/// What a task of the agent's costs in documents and messages, on the emulators. Nobody watches it: what a client reads comes on top.
/// </summary>
internal static class DocumentMeasure
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly CallContext Call = new() { Caller = new Caller("", "benchmark"), Version = ProtocolVersion.V1_0 };

    public static async Task RunAsync(Report report)
    {
        if (Emulator.Firestore.Find(out var missing) is null || Emulator.PubSub.Find(out missing) is null)
        {
            Console.WriteLine($"Documents are not counted. {missing}");
            return;
        }

        await using var vertex = await FakeVertexAI.StartAsync();
        await using var pair = await EmulatorPair.StartAsync(
            static (services, configuration) =>
                services.AddAgentTool(static (string city) => $"It rains in {city}.", "weather").AddGemini(configuration),
            new Model(vertex.Endpoint).Settings);
        var answer = ModelTurn.Say("It ", "rains ", "in ", "Paris.").WithUsage(10, 4, 14);
        // The first task of all is slow: more than one interval of gathering.
        await CountAsync(pair, vertex, [answer]);
        Add(report, "a short answer", await CountAsync(pair, vertex, [answer]), Target.AtMost(6), Target.AtMost(2), Target.AtMost(1));
        Add(report, "a call of a tool", await CountAsync(pair, vertex, [ModelTurn.Call("weather", new { city = "Paris" }), answer]));
        Add(report, "a question and its answer",
            await CountAsync(pair, vertex, [ModelTurn.Call("ask_user", new { question = "Where?" })], [answer]));
    }

    private static void Add(Report report, string what, Costs costs, Target? writes = null, Target? reads = null, Target? publishes = null)
    {
        report.Add($"{what}: documents written", costs.Writes, "", writes ?? Target.None);
        report.Add($"{what}: documents read", costs.Reads, "", reads ?? Target.None);
        report.Add($"{what}: messages published", costs.Publishes, "", publishes ?? Target.None);
    }

    /// <summary>A task of its own, with what the model says to each message of the client.</summary>
    private static async Task<Costs> CountAsync(EmulatorPair pair, FakeVertexAI vertex, params ScriptedTurn[][] messages)
    {
        using var bill = new Bill();
        var costs = new Costs(0, 0, 0);
        string? taskId = null;
        for (var i = 0; i < messages.Length; i++)
        {
            vertex.Enqueue(messages[i]);
            var before = new Costs(bill.Writes, bill.Reads, pair.Published);
            taskId = (await pair.Lifecycle.SendAsync(Call, Request(taskId), default)).Task!.Id;
            foreach (var _ in messages[i])
                await (await vertex.NextCallAsync(Patience)).Ended;
            costs += await WhenQuietAsync() - before;
            // Not counted, since nobody has to look.
            var task = await pair.Lifecycle.GetAsync(Call, new GetTaskRequest { Id = taskId }, default);
            var expected = i == messages.Length - 1 ? TaskState.Completed : TaskState.InputRequired;
            if (task.Status.State != expected)
                throw new InvalidOperationException(
                    $"The task is {task.Status.State} instead of {expected}: {task.Status.Message?.Parts[0].Text}");
        }

        return costs;

        async Task<Costs> WhenQuietAsync()
        {
            while (true)
            {
                var now = new Costs(bill.Writes, bill.Reads, pair.Published);
                await Task.Delay(Quiet);
                if (now == new Costs(bill.Writes, bill.Reads, pair.Published))
                    return now;
            }
        }
    }

    private static SendMessageRequest Request(string? taskId) => new()
    {
        Message = new Message
        {
            MessageId = Guid.NewGuid().ToString(),
            TaskId = taskId,
            Role = Role.User,
            Parts = [Part.FromText("Does it rain?")]
        },
        Configuration = new SendMessageConfiguration { ReturnImmediately = true },
    };

    private sealed record Costs(long Writes, long Reads, long Publishes)
    {
        public static Costs operator +(Costs one, Costs other) =>
            new(one.Writes + other.Writes, one.Reads + other.Reads, one.Publishes + other.Publishes);

        public static Costs operator -(Costs one, Costs other) =>
            new(one.Writes - other.Writes, one.Reads - other.Reads, one.Publishes - other.Publishes);
    }
}
