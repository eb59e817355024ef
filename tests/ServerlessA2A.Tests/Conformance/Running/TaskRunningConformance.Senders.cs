using System.Text.Json;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Security;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Conformance.Running;

/// <content>Who sent the message and what its request activated: the run that answers the message is given both, on whatever instance it
/// is.</content>
public abstract partial class TaskRunningConformance
{
    private const string Extension = "https://x.example/ext";

    [SkippableFact]
    public async Task ARunIsGivenWhoSentItsMessageAndWhatItActivated()
    {
        var task = await SendAsync("hello", """{"sub":"alice","roles":["admin"]}""");
        var agent = ScriptedAgent.Saying();
        await Other.RunAsync(agent, task.Id);

        var caller = agent.Seen!.Caller;
        Assert.Equal(("acme", "alice", "oidc"), (caller.Tenant, caller.Name, caller.Scheme));
        Assert.Equal("""{"sub":"alice","roles":["admin"]}""", caller.Claims?.GetRawText());
        var extension = Assert.Single(agent.Seen.Extensions);
        Assert.Equal((Extension, """{"sub":"alice","roles":["admin"]}"""), (extension.Uri, extension.Params?.GetRawText()));
    }

    [SkippableFact]
    public async Task AnAnswerToAQuestionBringsItsOwnSender()
    {
        var task = await SendAsync("hello", """{"v":1}""");
        await One.RunAsync(ScriptedAgent.Saying(AgentUpdate.Ask("which?")), task.Id);
        await SendAsync("this one", """{"v":2}""", task.Id);
        var agent = ScriptedAgent.Saying();
        await Other.RunAsync(agent, task.Id);

        AssertSentWith("""{"v":2}""", agent.Seen!);
    }

    [SkippableFact]
    public async Task AMessageToAWorkingTaskBringsItsOwnSenderWhenItBecomesTheRequest()
    {
        var task = await SendAsync("one", """{"v":1}""");
        var (agent, run, seen) = await BeginAsync(One, task.Id);
        await SendAsync("two", """{"v":2}""", task.Id);
        agent.Say(AgentUpdate.Complete("answer to one"));
        agent.End();
        await run.WithinLimit("the run ends");
        var second = ScriptedAgent.Saying();
        await Other.RunAsync(second, task.Id);

        AssertSentWith("""{"v":1}""", seen);
        AssertSentWith("""{"v":2}""", second.Seen!);
    }

    [SkippableFact]
    public async Task AMessageThatTheAgentReadsWhileItWorksBringsItsOwnSender()
    {
        var task = await SendAsync("one", """{"v":1}""");
        await SendAsync("two", """{"v":2}""", task.Id);
        var (agent, run, seen) = await BeginAsync(One, task.Id);
        await SendAsync("three", """{"v":3}""", task.Id);
        var two = await seen.NewMessages.ReadAsync().AsTask().WithinLimit("the second message");
        var three = await seen.NewMessages.ReadAsync().AsTask().WithinLimit("the third message");

        Assert.Equal("""{"v":2}""", seen.CallerOf(two).Claims?.GetRawText());
        Assert.Equal(("alice", "acme", "oidc"), (seen.CallerOf(three).Name, seen.CallerOf(three).Tenant, seen.CallerOf(three).Scheme));
        Assert.Equal("""{"v":3}""", seen.CallerOf(three).Claims?.GetRawText());
        Assert.Same(seen.Caller, seen.CallerOf(seen.Message));
        agent.End();
        await run.WithinLimit("the run ends");
    }

    [SkippableFact]
    public async Task ARunThatTakesOverIsGivenTheSameSender()
    {
        var task = await SendAsync("hello", """{"v":1}""");
        await Assert.ThrowsAsync<AgentException>(
            () => One.RunAsync(ScriptedAgent.Throwing(new AgentException("later") { IsTransient = true }), task.Id));
        var agent = ScriptedAgent.Saying();
        await Other.RunAsync(agent, task.Id);

        AssertSentWith("""{"v":1}""", agent.Seen!);
    }

    [SkippableFact]
    public async Task AnAnonymousSenderHasNeitherNameNorClaims()
    {
        var request = TestEngine.Request("hello");
        var task = await One.Lifecycle.SendTaskAsync(new CallContext { Caller = Caller.Anonymous }, request, default);
        var agent = ScriptedAgent.Saying();
        await Other.RunAsync(agent, task.Id);

        Assert.Equal(AgentCaller.Anonymous, agent.Seen!.Caller);
        Assert.Empty(agent.Seen.Extensions);
    }

    /// <summary>Tasks of older versions have no sender; the owner has the name and the tenant.</summary>
    [SkippableFact]
    public async Task ATaskThatWasStoredWithoutASenderIsRunForItsOwner()
    {
        var message = TestEngine.Request("hello").Message with { TaskId = TestEngine.NewId(), ContextId = TestEngine.NewId() };
        var first = new LogEntry(1, Time.GetUtcNow(), [new MessageReceived { Message = message }]);
        var snapshot = TaskFold.Begin("4:acme:7:api-key:alice", TimeSpan.FromHours(1), first);
        Assert.Null(await Store.CreateAsync(new NewTask { First = first, Snapshot = snapshot }, default));
        var agent = ScriptedAgent.Saying();
        await Other.RunAsync(agent, message.TaskId);

        Assert.Equal(new AgentCaller { Id = "7:api-key:alice", Tenant = "acme", Name = "alice" }, agent.Seen!.Caller);
    }

    private static void AssertSentWith(string claims, AgentContext context)
    {
        Assert.Equal(claims, context.Caller.Claims?.GetRawText());
        Assert.Equal(claims, Assert.Single(context.Extensions).Params?.GetRawText());
    }

    /// <summary>Sends as alice of acme, with these claims, which are the parameters of the extension too.</summary>
    private Task<A2ATask> SendAsync(string text, string claims, string? taskId = null)
    {
        var json = JsonElement.Parse(claims);
        var call = new CallContext
        {
            Caller = new Caller("acme", new Identity("alice") { Authority = "https://issuer.example" }.Key),
            Sender = new Sender("oidc") { Claims = json },
            Extensions = [new ActiveExtension(Extension) { Params = json }],
        };
        return One.Lifecycle.SendTaskAsync(call, TestEngine.Request(text, taskId), default);
    }
}
