using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ServerlessA2A.Agents;
using ServerlessA2A.Chat.Remote;
using ServerlessA2A.Chat.Tests.Scripted;
using ServerlessA2A.Client;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Chat.Tests;

/// <summary>Two agents on servers of this machine: one sleeps until the other one calls its webhook.</summary>
public sealed class WokenByWebhookTests
{
    [Fact]
    public async Task TheOtherAgentsWebhookWakesTheTask()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var other = await StartAsync(services => services.AddAgent(new GatedAgent(gate.Task)));
        var model = new ScriptedModel();
        model.Enqueue(ModelTurn.Call("other", new { message = "work" }), ModelTurn.Say("Done."));
        await using var caller = await StartAsync(services => services.AddChatAgent(_ => model).AddSingleton<AIFunction>(
            new RemoteAgentTool(new A2AClient(new Uri(other.Urls.Single())), "other", "Works.", TimeProvider.System)
            {
                Patience = TimeSpan.FromMilliseconds(1),
            }));
        using var client = new A2AClient(new Uri(caller.Urls.Single()));
        var store = caller.Services.GetRequiredService<ITaskStore>();

        var id = (await client.SendAsync(new SendMessageRequest
        {
            Message = new() { MessageId = "m", Role = Role.User, Parts = [Part.FromText("Go")] },
            Configuration = new() { ReturnImmediately = true },
        })).Task!.Id;
        await store.WatchUntilAsync(id, 0, entry => entry.Events.Any(each => each is CheckpointSaved { SleepUntil: not null }));
        var asleep = (await store.ReadAsync(null, id, CancellationToken.None))!;
        gate.SetResult();
        var task = await client.WaitAsync(id).WithinLimit("the task ends");

        Assert.Equal((TaskState.Completed, "Done."), (task.Status.State, task.Artifacts!.Single().Parts[0].Text));
        // Without the call it would have slept for minutes.
        Assert.True(asleep.SleepUntil > asleep.ChangedAt + TimeSpan.FromMinutes(9));
        Assert.Equal(["Go"], task.History!.Where(message => message.Role == Role.User).Select(message => message.Parts[0].Text));
    }

    private static async Task<WebApplication> StartAsync(Action<IServiceCollection> configure)
    {
        var address = $"http://127.0.0.1:{FreePort.Find()}";
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(address);
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(
        [
            new("A2A:Agent:PublicUrl", address), new("A2A:Agent:PushNotifications", "true"), new("A2A:Webhooks:AllowHttp", "true"),
            new("A2A:Webhooks:AllowLoopback", "true"),
        ]);
        builder.Services.AddServerlessA2A(builder.Configuration).AddInMemoryTasks(builder.Configuration);
        configure(builder.Services);
        var app = builder.Build();
        app.MapA2A();
        await app.StartAsync();
        return app;
    }

    private sealed class GatedAgent(Task gate) : IAgent
    {
        public async IAsyncEnumerable<AgentUpdate> RunAsync(
            AgentContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            yield return AgentUpdate.Report("At work.");
            await gate.WaitAsync(cancellationToken);
            yield return AgentUpdate.Artifact("answer", "worked");
        }
    }
}
