using ServerlessA2A.Agents;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.PushNotifications;
using ServerlessA2A.Tests.Support;
using ServerlessA2A.Webhooks.Configuration;

namespace ServerlessA2A.Tests.Webhooks.Configuration;

public class WebhookRegistryTests
{
    private readonly TestEngine _engine = TestEngine.InMemory();

    private WebhookRegistry Configurations => _engine.WebhookRegistry;

    [Fact]
    public async Task AWebhookIsMadeReadAndEnded()
    {
        var task = await _engine.SendAsync("hello");
        var made = await Configurations.CreateAsync(TestEngine.Call(), Hook(task.Id, "a"), default);
        Assert.Equal(Hook(task.Id, "a"), made);
        Assert.Equal(made, await GetAsync(task.Id, "a"));
        await DeleteAsync(task.Id, "a");
        await RefusedAsync(A2AError.TaskNotFound, () => GetAsync(task.Id, "a"));
        await DeleteAsync(task.Id, "a");
    }

    [Fact]
    public async Task AWebhookWithoutAnIdIsGivenOneIn1_0AndIsTheOnlyOneIn0_3()
    {
        var task = await _engine.SendAsync("hello");
        var (one, other) = (await CreateAsync(task.Id, null), await CreateAsync(task.Id, ""));
        Assert.Equal(3, new[] { one.Id, other.Id, "" }.Distinct().Count());
        for (var i = 0; i < 2; i++)
            Assert.Equal(
                "default", (await Configurations.CreateAsync(TestEngine.Call(version: ProtocolVersion.V0_3), Hook(task.Id, null),
                default)).Id);
        Assert.Equal(3, (await ListAsync(task.Id)).Configs.Count);
    }

    [Fact]
    public async Task TheVersionThatMadeAWebhookIsKeptForItsDeliveries()
    {
        var task = await _engine.SendAsync("hello");
        await Configurations.CreateAsync(TestEngine.Call(version: ProtocolVersion.V0_3), Hook(task.Id, "a"), default);
        await CreateAsync(task.Id, "b");
        var stored = await _engine.WebhookStore.ListWebhooksAsync(TestEngine.Call().Caller.Owner, task.Id, default);
        Assert.Equal([ProtocolVersion.V0_3, ProtocolVersion.V1_0], stored!.Select(config => config.Version));
    }

    [Fact]
    public async Task AWebhookReplacesTheOneOfItsId()
    {
        var task = await _engine.SendAsync("hello");
        await CreateAsync(task.Id, "a");
        await Configurations.CreateAsync(TestEngine.Call(), Hook(task.Id, "a") with { Url = "https://newer.example" }, default);
        Assert.Equal("https://newer.example", Assert.Single((await ListAsync(task.Id)).Configs).Url);
    }

    [Fact]
    public async Task WebhooksArePagedInTheOrderOfTheirIds()
    {
        var task = await _engine.SendAsync("hello");
        foreach (var id in new[] { "c", "a", "e", "b", "d" })
            await CreateAsync(task.Id, id);
        var ids = new List<string?>();
        var sizes = new List<int>();
        string? token = null;
        do
        {
            var page = await ListAsync(task.Id, 2, token);
            (token, sizes) = (page.NextPageToken, [.. sizes, page.Configs.Count]);
            ids.AddRange(page.Configs.Select(config => config.Id));
        }
        while (token.Length > 0);
        Assert.Equal(["a", "b", "c", "d", "e"], ids);
        Assert.Equal([2, 2, 1], sizes);
        Assert.Equal((5, ""), ((await ListAsync(task.Id)).Configs.Count, (await ListAsync(task.Id, 5)).NextPageToken));
        await RefusedAsync(A2AError.InvalidParams, () => ListAsync(task.Id, 101));
    }

    [Fact]
    public async Task PagingGoesOnAlsoWhereThePageBeforeWasDeleted()
    {
        var task = await _engine.SendAsync("hello");
        foreach (var id in new[] { "a", "b", "c" })
            await CreateAsync(task.Id, id);
        var page = await ListAsync(task.Id, 2);
        foreach (var config in page.Configs)
            await DeleteAsync(task.Id, config.Id!);

        Assert.Equal("c", Assert.Single((await ListAsync(task.Id, 2, page.NextPageToken)).Configs).Id);
    }

    [Fact]
    public async Task ATokenThatIsNotOfTheListIsRefused()
    {
        var (task, other) = (await _engine.SendAsync("hello"), await _engine.SendAsync("hello"));
        foreach (var id in new[] { "a", "b" })
            await CreateAsync(task.Id, id);
        var token = (await ListAsync(task.Id, 1)).NextPageToken;

        await RefusedAsync(A2AError.InvalidParams, () => ListAsync(task.Id, 1, "a"));
        await RefusedAsync(A2AError.InvalidParams, () => ListAsync(task.Id, 1, token + "x"));
        await RefusedAsync(A2AError.InvalidParams, () => ListAsync(other.Id, 1, token));
    }

    [Fact]
    public async Task WebhooksOfAnUnknownOrAnothersTaskAnswerTheSame()
    {
        var task = await _engine.SendAsync("hello");
        await CreateAsync(task.Id, "a");
        foreach (var (caller, id) in new[] { ("alice", "unknown"), ("bob", task.Id) })
        {
            var call = TestEngine.Call(caller);
            await RefusedAsync(A2AError.TaskNotFound, () => Configurations.CreateAsync(call, Hook(id, "a"), default));
            await RefusedAsync(A2AError.TaskNotFound, () => Configurations.GetAsync(call, new() { TaskId = id, Id = "a" }, default));
            await RefusedAsync(A2AError.TaskNotFound, () => Configurations.ListAsync(call, new() { TaskId = id }, default));
            await RefusedAsync(A2AError.TaskNotFound, () => Configurations.DeleteAsync(call, new() { TaskId = id, Id = "a" }, default));
        }

        Assert.Single((await ListAsync(task.Id)).Configs);
    }

    [Fact]
    public async Task WhereWebhooksAreOffEveryOperationSaysSoWhateverItAsksFor()
    {
        var off = TestEngine.InMemory(card: new AgentCardOptions { PushNotifications = false });
        var call = TestEngine.Call();
        var task = await off.SendAsync("hello");
        var all = off.WebhookRegistry;
        foreach (var id in new[] { task.Id, "unknown", "" })
        {
            await RefusedAsync(A2AError.PushNotificationNotSupported, () => all.CreateAsync(call, Hook(id, "a"), default));
            await RefusedAsync(A2AError.PushNotificationNotSupported, () => all.GetAsync(call, new() { TaskId = id, Id = "a" }, default));
            await RefusedAsync(A2AError.PushNotificationNotSupported, () => all.ListAsync(call, new() { TaskId = id }, default));
            await RefusedAsync(
                A2AError.PushNotificationNotSupported, () => all.DeleteAsync(call, new() { TaskId = id, Id = "a" }, default));
        }

        Assert.Null(await off.TaskWebhooks.AcceptAsync(call, task.Id, null, default));
        Assert.Equal(
            A2AError.PushNotificationNotSupported,
            (await Assert.ThrowsAsync<A2AException>(async () =>
            await off.TaskWebhooks.AcceptAsync(call, task.Id, Hook(task.Id, "a"), default))).Error);
    }

    [Fact]
    public async Task WebhooksMayBeMadeForATaskThatHasEnded()
    {
        var task = await _engine.RunNewAsync(ScriptedAgent.Saying());
        await CreateAsync(task.Id, "a");
        Assert.Single((await ListAsync(task.Id)).Configs);
    }

    [Fact]
    public async Task AWebhookWithoutAnAddressIsRefusedAndTheFieldNamed()
    {
        var task = await _engine.SendAsync("hello");
        var refusal = await RefusedAsync(
            A2AError.InvalidParams, () => Configurations.CreateAsync(TestEngine.Call(), Hook(task.Id, "a") with { Url = "" }, default));
        Assert.Equal("url", refusal.FieldViolations[0].Field);
    }

    [Fact]
    public async Task WhatNoHeaderCanHoldIsRefusedAndTheFieldNamed()
    {
        var task = await _engine.SendAsync("hello");
        foreach (var (field, bad) in new[]
        {
            ("token", Hook(task.Id, "a") with { Token = "a\r\nHost: b" }),
            ("authentication.scheme", Hook(task.Id, "a") with { Authentication = new() { Scheme = "Bär" } }),
            ("authentication.credentials",
            Hook(task.Id, "a") with { Authentication = new() { Scheme = "Bearer", Credentials = "geheim\u00e9" } }),
        })
        {
            var refusal = await RefusedAsync(A2AError.InvalidParams, () => Configurations.CreateAsync(TestEngine.Call(), bad, default));
            Assert.Equal(field, refusal.FieldViolations[0].Field);
            Assert.DoesNotContain("geheim", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task WhatIsStoredNamesItsTaskAndNoTenant()
    {
        var accepted = (
            await _engine.TaskWebhooks.AcceptAsync(TestEngine.Call(), "t", Hook("another", "a") with { Tenant = "x" }, default))!;
        Assert.Equal(("t", "a", "t", null), (accepted.TaskId, accepted.Id, accepted.Config.TaskId, accepted.Config.Tenant));
    }

    private static TaskPushNotificationConfig Hook(string taskId, string? id) => new()
    {
        TaskId = taskId,
        Id = id,
        Url = "https://client.example/hook",
        Token = "t",
        Authentication = new() { Scheme = "Bearer", Credentials = "c" },
    };

    private Task<TaskPushNotificationConfig> CreateAsync(string taskId, string? id) =>
        Configurations.CreateAsync(TestEngine.Call(), Hook(taskId, id), default);

    private Task<TaskPushNotificationConfig> GetAsync(string taskId, string id) =>
        Configurations.GetAsync(TestEngine.Call(), new() { TaskId = taskId, Id = id }, default);

    private Task DeleteAsync(string taskId, string id) =>
        Configurations.DeleteAsync(TestEngine.Call(), new() { TaskId = taskId, Id = id }, default);

    private Task<ListTaskPushNotificationConfigsResponse> ListAsync(string taskId, int? size = null, string? token = null) =>
        Configurations.ListAsync(TestEngine.Call(), new() { TaskId = taskId, PageSize = size, PageToken = token }, default);

    private static async Task<A2AException> RefusedAsync(A2AError error, Func<Task> action)
    {
        var refusal = await Assert.ThrowsAsync<A2AException>(action);
        Assert.Equal(error, refusal.Error);
        return refusal;
    }
}
