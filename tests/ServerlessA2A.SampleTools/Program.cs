using ServerlessA2A.Functions;
using ServerlessA2A.GoogleCloud.Gemini.Tools;
using ServerlessA2A.SampleTools;

return await A2AFunctions.RunAsync(args, services => services.AddAgentTool(Flights.Book, "book_flight"));
