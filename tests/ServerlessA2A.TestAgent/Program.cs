using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Functions;
using ServerlessA2A.GoogleCloud;
using ServerlessA2A.Tasks;
using ServerlessA2A.TestAgent;
using ServerlessA2A.TestAgent.Travel;
using ServerlessA2A.Webhooks;

// With a journal its agents travel; with another agent it is a chat agent with that one as its tool; with a model it is the agent that
// ships, with a tool that tests can watch; without any it does what the message says.
var builder = A2AFunctions.CreateBuilder(args);
if (builder.Configuration["Test:Journal"] is { Length: > 0 } journal)
    builder.AddTravels(journal);
else if (builder.Configuration["Test:OtherAgent"] is { Length: > 0 } other)
{
    builder.Services.AddRemoteAgent(new Uri(other), "other", "Counts.");
    builder.AddChatAgent(_ => new PassingModel());
}
else if (string.IsNullOrEmpty(builder.Configuration["A2A:Gemini:Model"]))
    builder.AddAgent<ObedientAgent>(replies: true);
else
    builder.Services.AddAgentTool(WatchedTool.Visit, "visit");
Shorten<TaskOptions>("Tasks");
Shorten<WebhookOptions>("Webhooks");
Shorten<GoogleCloudOptions>("GoogleCloud");
return await builder.Build().RunAsync();

// Times that are constants for users: Test__Tasks__LeaseDuration and the like.
void Shorten<TOptions>(string section)
    where TOptions : class => builder.Services.PostConfigure<TOptions>(options =>
        builder.Configuration.GetSection($"Test:{section}").Bind(options, binder => binder.BindNonPublicProperties = true));
