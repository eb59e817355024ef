using ServerlessA2A.Chat.Tests.OpenAI;
using ServerlessA2A.Functions.Tests.Support;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Samples;

/// <summary>A model behind a chat client is one line.</summary>
public class ChatClientAgentTests
{
    [Fact]
    public async Task AModelBehindAnyChatClientAsksAndIsDone()
    {
        await using var server = await FakeOpenAI.StartAsync();
        server.Enqueue(async answer =>
        {
            await answer.CallAsync(0, "call_1", "cancel_order", """{"number":42}""");
            await answer.EndAsync("tool_calls");
        });
        server.Enqueue(async answer =>
        {
            await answer.SayAsync("Your order", " is canceled.");
            await answer.EndAsync();
        });
        await using var program = RunningProgram.Start(
            Programs.ChatClientAgent, target: null,
            ("OpenAI__Endpoint", $"{server.Address}"), ("OpenAI__Model", "m"), ("OpenAI__ApiKey", "k"),
            ("A2A__Chat__Instructions", "You are a clerk."));
        using var client = new HttpClient { BaseAddress = await program.AddressAsync() };

        var asked = (await client.CallAsync(Requests.Send("Cancel my order 42")).WithinLimit("the question comes")).GetProperty("task");
        var done = (await client.CallAsync(Requests.Send("yes", taskId: asked.GetProperty("id").GetString()))
            .WithinLimit("the answer comes")).GetProperty("task");

        Assert.Equal("TASK_STATE_INPUT_REQUIRED", asked.State());
        Assert.Contains("Shall I cancel the order 42?", asked.GetProperty("status").GetRawText(), StringComparison.Ordinal);
        Assert.Equal("TASK_STATE_COMPLETED", done.State());
        Assert.Contains("Your order is canceled.", done.GetProperty("artifacts").GetRawText(), StringComparison.Ordinal);
        Assert.Equal("You are a clerk.", server.Requests[0].GetProperty("messages")[0].GetProperty("content").GetString());
        Assert.Equal("The order 42 is canceled.", server.Requests[1].GetProperty("messages")[3].GetProperty("content").GetString());
        Assert.True(!OperatingSystem.IsLinux() || program.LoadedAssemblies.Contains("ServerlessA2A.Chat"));
        Assert.Equal(0, await program.StopAsync());
        Assert.Empty(program.LoggedErrors);
    }
}
