using Extensions;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Functions;

var builder = A2AFunctions.CreateBuilder(args);
builder.Services.AddA2AExtension<TimestampExtension>();
builder.Services.AddA2AExtension<TraceabilityExtension>();
builder.AddAgent<DiceAgent>();
return await builder.Build().RunAsync();
