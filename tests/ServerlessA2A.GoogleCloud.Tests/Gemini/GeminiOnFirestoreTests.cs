using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.FakeVertex;
using ServerlessA2A.GoogleCloud.Tests.Firestore;
using ServerlessA2A.GoogleCloud.Tests.Packages.Firestore;
using ServerlessA2A.InMemory;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.GoogleCloud.Tests.Gemini;

/// <summary>Long conversations, kept in Firestore.</summary>
[Collection(nameof(FirestoreTest))]
public sealed class GeminiOnFirestoreTests : GeminiTest
{
    [SkippableFact]
    public async Task AConversationOfHalfAnHourGoesOnFromRunToRun()
    {
        const int Turns = 100;
        var started = Time.GetUtcNow();
        var steps = 0;
        var store = await TestStores.CreateAsync(Time);
        Engine = new TestEngine(store, new InMemoryTaskQueue(), Time, Settings);
        Vertex.Answer = request => request.Contents.Count / 2 < Turns
            ? ModelTurn.Say($"Step {request.Contents.Count / 2}.").Call("step")
            : ModelTurn.Say("Done.");
        var id = await SendAsync("Go");

        var runs = 0;
        while (!(await Engine.ReadAsync(id)).State.IsTerminalOrInterrupted())
        {
            runs++;
            await Engine.RunAsync(NewAgent(services => services.AddAgentTool(TakeTime, "step"), ("MaxTurns", "1000")), id)
                .WithinLimit("the run ends");
        }

        var task = await Engine.ReadAsync(id);
        Assert.Equal(TimeSpan.FromMinutes(30), Time.GetUtcNow() - started);
        Assert.Equal(TaskState.Completed, task.State);
        Assert.Equal(string.Join("\n\n", Enumerable.Range(0, Turns).Select(step => $"Step {step}.").Append("Done.")), TextOf(task));
        Assert.Equal((Turns, Turns + 1), (steps, Vertex.Calls.Count));
        Assert.InRange(runs, 4, 5);

        int TakeTime()
        {
            Time.Advance(TimeSpan.FromSeconds(18));
            return ++steps;
        }
    }
}
