using ServerlessA2A.Functions;
using ServerlessA2A.GoogleCloud.Gemini.Tools;
using ServerlessA2A.TestAgent;

// With a model it is the agent that ships, with a tool that tests can watch; without one it does what the message says.
return string.IsNullOrEmpty(Environment.GetEnvironmentVariable("A2A__Gemini__Model"))
    ? await A2AFunctions.RunAsync<ObedientAgent>(args, replies: true)
    : await A2AFunctions.RunAsync(args, services => services.AddAgentTool(WatchedTool.Visit, "visit"));
