using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using ServerlessA2A.PostgreSql.Tasks;
using ServerlessA2A.PostgreSql.Tests.Servers;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Bindings.Harness.Protocols;
using ServerlessA2A.Tests.Support;
using ScriptedAgent = ServerlessA2A.Tests.Bindings.Harness.ScriptedAgent;

namespace ServerlessA2A.PostgreSql.Tests.Hosting;

/// <summary>Applications that share one PostgreSQL are one agent.</summary>
public sealed class ApplicationTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.CreateAsync(migrated: false);

    public async Task DisposeAsync() => await (_database?.DisposeAsync() ?? default);

    [SkippableFact]
    public async Task ATaskThatOneApplicationTookIsStreamedByTheOther()
    {
        var agent = new ScriptedAgent();
        await using var one = await Application.StartAsync(agent, _database);
        await using var other = await Application.StartAsync(agent, _database);
        var id = await SendAsync(one, "hold:gate");
        var streaming = other.Client.GetAsync(new Uri($"http://localhost/tasks/{id}:subscribe"), HttpCompletionOption.ResponseHeadersRead);
        using var response = await streaming.WithinLimit("the stream opens");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        agent.Release("gate");
        var stream = await response.Content.ReadAsStringAsync().WithinLimit("the stream ends");
        Assert.Contains("TASK_STATE_COMPLETED", stream, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task TheOtherApplicationFinishesWhatAShutdownHasInterrupted()
    {
        var (stuck, free) = (new ScriptedAgent(), new ScriptedAgent());
        free.Release("gate");
        string id;
        await using (var first = await Application.StartAsync(stuck, _database))
        {
            id = await SendAsync(first, "hold:gate");
            await first.Services.GetRequiredService<ITaskStore>()
                .WatchUntilAsync(id, 0, entry => entry.Events.Any(each => each is RunStarted)).WithinLimit("the run begins");
            await first.StopAsync().WithinLimit("the host stops");
        }

        await using var second = await Application.StartAsync(free, _database);
        var store = Assert.IsType<PostgreSqlTaskStore>(second.Services.GetRequiredService<ITaskStore>());
        Assert.Equal(
            TaskState.Completed, (await store.WaitUntilTerminalOrInterruptedAsync(id, default).WithinLimit("the task ends"))!.State);
    }

    [SkippableFact]
    public async Task AWebhookIsNotified()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var application = await Application.StartAsync(new ScriptedAgent(), _database, ("Agent:PushNotifications", "true"));
        var body = $$$$"""
            {"message":{"messageId":"m-1","role":"ROLE_USER","parts":[{"text":"hello"}]},
             "configuration":{"returnImmediately":true,"taskPushNotificationConfig":{"url":"{{{{receiver.Address}}}}"}}}
            """;
        var sent = await application.Client.ExchangeAsync("POST", "/message:send", body);
        Assert.True(sent.Response.IsSuccessStatusCode, sent.Body);
        ReceivedWebhook received;
        do
        {
            received = await receiver.NextAsync();
        }
        while (received.State != "TASK_STATE_COMPLETED");
    }

    [Fact]
    public async Task AllFaultsOfTheSettingsAreReportedAtStart()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(
        [
            new("A2A:PostgreSql:ConnectionString", "Host=10.0.0.5;Port=0"), new("A2A:PostgreSql:Schema", "A-B"),
            new("A2A:PostgreSql:IamLogin", "true"), new("A2A:PostgreSql:GrantTo:0", " "),
        ]);
        builder.Services.AddPostgreSqlTasks(builder.Configuration);
        using var host = builder.Build();
        var faults = (await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync())).Failures.ToList();
        foreach (var setting in (string[])["ConnectionString", "Schema", "IamLogin", "GrantTo:0"])
            Assert.Single(
                faults, fault =>
                fault.StartsWith($"A2A:PostgreSql:{setting} (A2A__PostgreSql__{setting.Replace(":", "__", StringComparison.Ordinal)})",
                    StringComparison.Ordinal));
        Assert.Equal(4, faults.Count);
    }

    private static async Task<string> SendAsync(Application application, string text)
    {
        var body = $$$"""{"message":{"messageId":"{{{Guid.NewGuid()}}}","role":"ROLE_USER","parts":[{"text":"{{{text}}}"}]},"configuration":{"returnImmediately":true}}""";
        return (await application.Client.ExchangeAsync("POST", "/message:send", body)).Body.Json().GetProperty("task").GetProperty("id")
            .GetString()!;
    }
}
