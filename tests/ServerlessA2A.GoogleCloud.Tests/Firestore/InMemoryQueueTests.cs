using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.GoogleCloud.Firestore;
using ServerlessA2A.GoogleCloud.Tests.Emulators;
using ServerlessA2A.GoogleCloud.Tests.Packages.Firestore;
using ServerlessA2A.Hosting;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Bindings.Harness.Protocols;
using ServerlessA2A.Tests.Hosting;
using ServerlessA2A.Tests.Support;
using ScriptedAgent = ServerlessA2A.Tests.Bindings.Harness.ScriptedAgent;

namespace ServerlessA2A.GoogleCloud.Tests.Firestore;

/// <summary>An ASP.NET Core application that keeps its tasks in Firestore and runs them itself.</summary>
[Collection(nameof(FirestoreTest))]
public class InMemoryQueueTests
{
    [SkippableFact]
    public async Task TheNextInstanceFinishesWhatAShutdownHasInterrupted()
    {
        await SharedEmulator.Firestore.HostAsync();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("A2A:GoogleCloud:ProjectId", TestProject.NewId())])
            .Build();
        string id;
        await using (var first = await StartAsync(new ScriptedAgent(), configuration))
        {
            var body = """{"message":{"messageId":"m-1","role":"ROLE_USER","parts":[{"text":"hold:gate"}]},"configuration":{"returnImmediately":true}}""";
            var (response, answer) = await first.Client.ExchangeAsync("POST", "/message:send", body);
            Assert.True(response.IsSuccessStatusCode, answer);
            id = answer.Json().GetProperty("task").GetProperty("id").GetString()!;
            await first.Services.GetRequiredService<ITaskStore>()
                .WatchUntilAsync(id, 0, entry => entry.Events.Any(each => each is RunStarted)).WithinLimit("the run begins");
            await first.StopAsync().WithinLimit("the host stops");
        }

        var agent = new ScriptedAgent();
        agent.Release("gate");
        await using var second = await StartAsync(agent, configuration);
        var store = second.Services.GetRequiredService<ITaskStore>();
        Assert.IsType<FirestoreTaskStore>(store);
        await second.Services.GetRequiredService<InMemoryWorker>().SweepAsync(default);

        Assert.Equal(
            TaskState.Completed, (await store.WaitUntilTerminalOrInterruptedAsync(id, default).WithinLimit("the task ends"))!.State);
    }

    private static Task<WebHost> StartAsync(ScriptedAgent agent, IConfiguration configuration) => WebHost.StartAsync(
        agent, app => app.MapA2A(), services =>
        services.AddGoogleCloudTasks(configuration).AddInMemoryQueue()
            // A machine that is busy with other tests is no fault of the emulator.
            .PostConfigure<GoogleCloudOptions>(options => options.RequestTimeout = TimeSpan.FromSeconds(30)),
        settings: ("Tasks:SweepDelay", "00:00:00"));
}
