using System.Net.Http.Json;
using System.Text.Json;
using Google.Cloud.Functions.Hosting;
using Google.Cloud.Functions.Testing;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Functions;

namespace My_Agent.Tests;

/// <summary>Registers the agent as Program.cs does, and runs its tasks in the test's process.</summary>
public sealed class TestStartup : FunctionsStartup
{
    public override void ConfigureServices(WebHostBuilderContext context, IServiceCollection services) =>
        services.AddAgent<EchoAgent>().AddInMemoryTasks(context.Configuration);
}

[FunctionsStartup(typeof(TestStartup))]
[FunctionsStartup(typeof(Startup), Order = 1)]
public sealed class AgentTests : FunctionTestBase<MessageFunction>
{
    [Fact]
    public async Task ItAnswers()
    {
        using var client = Server.CreateClient();
        client.DefaultRequestHeaders.Add("A2A-Version", "1.0");
        var request = new { message = new { messageId = Guid.NewGuid(), role = "ROLE_USER", parts = new[] { new { text = "Hello" } } } };

        using var response = await client.PostAsJsonAsync("/message:send", request);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();

        var task = answer.GetProperty("task");
        Assert.Equal("TASK_STATE_COMPLETED", task.GetProperty("status").GetProperty("state").GetString());
        Assert.Equal("You said: Hello", task.GetProperty("artifacts")[0].GetProperty("parts")[0].GetProperty("text").GetString());
    }
}
