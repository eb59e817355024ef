using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Functions;
using ServerlessA2A.SampleTools;

var builder = A2AFunctions.CreateBuilder(args);
builder.Services.AddAgentTool(Flights.Book, "book_flight");
return await builder.Build().RunAsync();
