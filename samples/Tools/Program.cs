using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Functions;
using Tools;

var builder = A2AFunctions.CreateBuilder(args);
builder.Services.AddAgentTool(Flights.Book, "book_flight");
return await builder.Build().RunAsync();
