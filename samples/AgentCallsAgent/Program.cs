using AgentCallsAgent;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Functions;

var builder = A2AFunctions.CreateBuilder(args);
// A setting of your own: OtherAgent=https://… in the environment, or in appsettings.json.
var address = builder.Configuration["OtherAgent"] ??
    throw new InvalidOperationException("OtherAgent is not set: set it to the address of an A2A agent.");
builder.Services.AddA2AClient(new Uri(address));
builder.AddAgent<PoliteAgent>();
return await builder.Build().RunAsync();
