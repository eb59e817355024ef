using System.ComponentModel;
using ServerlessA2A.Chat.Tools;

namespace Tools;

public static class Flights
{
    [Description("Books a flight.")]
    public static async Task<string> Book(
        [Description("The IATA code of the airport.")] string to, DateOnly on, ToolContext tool, CancellationToken cancellationToken)
    {
        if (tool.Answer is null)
            throw tool.Ask($"Shall I book the flight to {to} on {on:yyyy-MM-dd}?"); // The task becomes INPUT_REQUIRED; Book runs again.
        if (!tool.Answer.StartsWith("yes", StringComparison.OrdinalIgnoreCase))
            return $"The user says: {tool.Answer}";

        tool.Report("Booking …");
        await Task.Delay(TimeSpan.FromMilliseconds(10), cancellationToken); // Call the airline here; tool.CallId makes it safe to repeat.
        return "Booked. The reservation is A2A42.";
    }
}
