using ServerlessA2A.Functions;
using SeveralAgents;

var builder = A2AFunctions.CreateBuilder(args);
builder.AddAgent<GreetingAgent>("greeter");                       // the first one also answers at /
builder.AddAgent("counter", new AnsweringAgent(text => $"{text.Length} characters"));
builder.AddAgent("reverser", _ => new AnsweringAgent(text => string.Concat(text.Reverse())));
return await builder.Build().RunAsync();
