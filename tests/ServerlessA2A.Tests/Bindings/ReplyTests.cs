using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Bindings.Harness.Protocols;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Bindings;

/// <summary>An agent's message in place of a task, as clients see it, over both bindings in both versions.</summary>
public sealed class ReplyTests : IAsyncLifetime
{
    private readonly ManualTimeProvider _time = new();
    private AgentHost _host = null!;

    public static TheoryData<string> WireNames => [.. Wires.Names];

    public static TheoryData<string> JsonNames => [.. Wires.OfJson];

    public async Task InitializeAsync() =>
        _host = await AgentHost.StartAsync(services => services.AddSingleton<TimeProvider>(_time), ("Agent:Replies", "true"));

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [MemberData(nameof(WireNames))]
    public async Task ASendThatWaitsAnswersWithTheMessageEachTime(string wireName)
    {
        var wire = Wires.Of(wireName, _host.Client);
        var options = new SendOptions { ContextId = Guid.NewGuid().ToString() };

        var message = wire.MessageOf((await wire.AskAsync(wire.SendRequest("reply:hi", options))).Result);

        AssertMessage(wire, message, options.ContextId, "hi");
        var again = wire.MessageOf((await wire.AskAsync(wire.SendRequest("reply:hi", options))).Result);
        Assert.Equal(message.GetRawText(), again.GetRawText());
        Assert.Equal(0, await CountAsync(options.ContextId));
    }

    [Theory]
    [MemberData(nameof(WireNames))]
    public async Task AStreamHoldsTheMessageAlone(string wireName)
    {
        var wire = Wires.Of(wireName, _host.Client);
        var options = new SendOptions { ContextId = Guid.NewGuid().ToString() };
        using var stream = await wire.StreamAsync("reply:hi", options);

        var item = Assert.Single(await stream.ReadToEndAsync());

        Assert.Equal(wire is GrpcWire ? null : "3", item.Id);
        AssertMessage(wire, wire.MessageOf(wire.IsJsonRpc ? item.Json.GetProperty("result") : item.Json), options.ContextId, "hi");
        Assert.Equal(0, await CountAsync(options.ContextId));
    }

    [Theory]
    [MemberData(nameof(WireNames))]
    public async Task ASendThatDoesNotWaitMakesATaskThatIsCompletedWithTheMessage(string wireName)
    {
        var wire = Wires.Of(wireName, _host.Client);
        var options = new SendOptions { Wait = false, ContextId = Guid.NewGuid().ToString() };

        var taskId = wire.TaskOf((await wire.AskAsync(wire.SendRequest("reply:hi", options))).Result).GetProperty("id").GetString()!;

        await _host.Store.WaitUntilTerminalOrInterruptedAsync(taskId, default).WithinLimit("the task ends");
        var task = (await wire.AskAsync(wire.GetRequest(taskId))).Result;
        Assert.Equal("COMPLETED", wire.StateOf(task));
        Assert.Contains("\"hi\"", task.GetProperty("status").GetRawText(), StringComparison.Ordinal);
        Assert.Equal(1, await CountAsync(options.ContextId));
    }

    [Theory]
    [MemberData(nameof(WireNames))]
    public async Task WhateverIsSaidFirstOpensTheStreamWithTheTask(string wireName)
    {
        var wire = Wires.Of(wireName, _host.Client);
        using var stream = await wire.StreamAsync("status-and-reply:hi");

        var events = await stream.ReadToEndAsync();

        if (wire is not GrpcWire)
            Assert.Equal(["1", "2", "3", "4"], events.Select(item => item.Id));
        var kinds = events.ConvertAll(item => wire.EventOf(item.Json));
        Assert.Equal(["task", "statusUpdate", "statusUpdate", "statusUpdate"], kinds.Select(item => item.Kind));
        Assert.Equal("COMPLETED", wire.StateOf(kinds[^1].Content));
        Assert.Contains("\"hi\"", kinds[^1].Content.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(JsonNames))]
    public async Task CommentsGoOutWhileTheTaskIsHeldBack(string wireName)
    {
        var wire = Wires.Of(wireName, _host.Client);
        var gate = Guid.NewGuid().ToString();
        var opening = wire.StreamAsync($"reply-after:{gate}");
        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(15));
        _time.Advance(TimeSpan.FromSeconds(15));
        using var stream = await opening;
        Assert.Equal("keep-alive", (await stream.ReadAsync())!.Comment);
        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(15));
        _time.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal("keep-alive", (await stream.ReadAsync())!.Comment);

        _host.Agent.Release(gate);

        var item = Assert.Single(await stream.ReadToEndAsync());
        AssertMessage(wire, wire.MessageOf(wire.IsJsonRpc ? item.Json.GetProperty("result") : item.Json), contextId: null, gate);
    }

    [Theory]
    [MemberData(nameof(JsonNames))]
    public async Task WhenTheRequestsTimeIsUpWhatWasHeldBackIsToldAndTheTaskEndsWithTheMessageLater(string wireName)
    {
        var wire = Wires.Of(wireName, _host.Client);
        var gate = Guid.NewGuid().ToString();
        var options = new SendOptions { ContextId = Guid.NewGuid().ToString() };
        var opening = wire.StreamAsync($"reply-after:{gate}", options);
        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(15));
        _time.Advance(TimeSpan.FromSeconds(55));
        using var stream = await opening;

        var (kind, task) = wire.EventOf((await stream.ReadToEndAsync()).First(item => item.Comment is null).Json);

        Assert.Equal("task", kind);
        _host.Agent.Release(gate);
        await _host.Store.WaitUntilTerminalOrInterruptedAsync(task.GetProperty("id").GetString()!, default).WithinLimit("the task ends");
        Assert.Equal("COMPLETED", wire.StateOf((await wire.AskAsync(wire.GetRequest(task.GetProperty("id").GetString()!))).Result));
        Assert.Equal(1, await CountAsync(options.ContextId));
    }

    private static void AssertMessage(Wire wire, JsonElement message, string? contextId, string text)
    {
        Assert.False(message.TryGetProperty("taskId", out _));
        Assert.Equal(wire.IsJsonRpc && !wire.IsV1 ? "agent" : "ROLE_AGENT", message.GetProperty("role").GetString());
        Assert.NotEmpty(message.GetProperty("messageId").GetString()!);
        Assert.NotEmpty(message.GetProperty("contextId").GetString()!);
        Assert.Equal(contextId ?? message.GetProperty("contextId").GetString(), message.GetProperty("contextId").GetString());
        Assert.Equal(text, message.GetProperty(!wire.IsV1 && !wire.IsJsonRpc ? "content" : "parts")[0].GetProperty("text").GetString());
    }

    private async Task<int> CountAsync(string contextId)
    {
        var wire = new HttpJsonWire(_host.Client);
        return (await wire.AskAsync(wire.ListRequest(("contextId", $"\"{contextId}\""))))["totalSize"].GetInt32();
    }
}
