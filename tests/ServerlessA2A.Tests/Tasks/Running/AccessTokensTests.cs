using ServerlessA2A.Agents;
using ServerlessA2A.InMemory;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Security;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tests.Security;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Tasks.Running;

/// <summary>A caller's access token on its way to the agent: there for the run, encrypted before it, and nowhere else.</summary>
public sealed class AccessTokensTests
{
    private const string Token = "ya29.a-token-of-alice";

    private readonly TestEngine _engine = TestEngine.InMemory(security: TestKeys.With([], [TestKeys.Encryption(1)]));

    [Fact]
    public async Task TheAgentHasItInTheRunAndItIsEncryptedUntilThen()
    {
        var task = await SendAsync();
        var request = await ((InMemoryTaskQueue)_engine.Queue).TakeAllAsync(CancellationToken.None).FirstAsync();
        var agent = ScriptedAgent.Saying(AgentUpdate.Complete());

        await _engine.RunnerOf(agent).RunAsync(request, CancellationToken.None);

        Assert.Equal(Token, agent.Seen?.AccessToken);
        Assert.StartsWith("enc:1:", request.AccessToken, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, $"{request} {request.AccessToken}", StringComparison.Ordinal);
        Assert.DoesNotContain(Token, Describe.Snapshot(await _engine.ReadAsync(task)), StringComparison.Ordinal);
        Assert.All(_engine.Logs.Entries, entry => Assert.DoesNotContain(Token, $"{entry}", StringComparison.Ordinal));
    }

    [Fact]
    public void OneThatWasSentForAnotherTaskOrWithAnotherKeyIsNone()
    {
        var attached = _engine.AccessTokens.Attach(new RunRequest("task-1"), Token);
        var stranger = TestEngine.InMemory(security: TestKeys.With([], [TestKeys.Encryption(2)]));

        Assert.Equal(Token, _engine.AccessTokens.Detach(attached));
        Assert.Null(_engine.AccessTokens.Detach(attached with { TaskId = "task-2" }));
        Assert.Null(stranger.AccessTokens.Detach(attached));
        Assert.Contains(stranger.Logs.Entries, entry => entry.Id.Id == 1030);
    }

    [Fact]
    public void WithoutATokenARequestIsAsItWas()
    {
        var request = new RunRequest("task-1");
        Assert.Equal(request, _engine.AccessTokens.Attach(request, null));
        Assert.Null(_engine.AccessTokens.Detach(request));
    }

    [Fact]
    public void WhatHoldsATokenDoesNotSayIt()
    {
        object[] holders =
        [
            new RunRequest("t") { AccessToken = Token },
            TestEngine.Call() with { AccessToken = Token },
            new Identity("alice") { Authority = "test", AccessToken = Token },
            new AgentContext
            {
                TaskId = "t", ContextId = "c", Message = new() { MessageId = "m", Role = Role.User, Parts = [] }, History = [],
                    AccessToken = Token,
                },
        ];

        Assert.All(holders, holder => Assert.DoesNotContain(Token, $"{holder}", StringComparison.Ordinal));
        // A new one that does not stand above is found by its property.
        var kinds = typeof(RunRequest).Assembly.GetTypes().Where(type => type.GetProperty("AccessToken")?.PropertyType == typeof(string));
        Assert.Equal(kinds.Select(kind => kind.Name).Order(), holders.Select(holder => holder.GetType().Name).Order());
    }

    private async Task<string> SendAsync() =>
        (await _engine.Lifecycle.SendTaskAsync(
            TestEngine.Call() with { AccessToken = Token }, TestEngine.Request("hello"), CancellationToken.None)).Id;
}
