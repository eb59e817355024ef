using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ServerlessA2A.Functions.Tests.GooglePackages;

namespace ServerlessA2A.Functions.Tests;

/// <summary>What Cloud Logging can be asked for.</summary>
[Collection(nameof(WithTheProcessToItself))]
public class EventScopesTests
{
    [Fact]
    public void ALineHasTheIdAndTheNameOfItsEventBesideTheOtherScopes()
    {
        var lines = LinesOf(logger =>
        {
            using (logger.BeginScope("a request"))
                Write(logger, new EventId(1016, "AgentThrew"), "It threw");
            Write(logger, new EventId(7), "No name");
            Write(logger, default, "No event");
        });

        Assert.Equal(
            ["""["a request",{"event_id":"1016","event_name":"AgentThrew"}]""", """[{"event_id":"7"}]""", null],
            lines.Select(line => line.TryGetProperty("scopes", out var scopes) ? scopes.GetRawText() : null));
        Assert.Equal(["It threw", "No name", "No event"], lines.Select(line => line.GetProperty("message").GetString()));
    }

    private static void Write(ILogger logger, EventId id, string text) => logger.Log(LogLevel.Warning, id, text, null, (text, _) => text);

    private static List<JsonElement> LinesOf(Action<ILogger> log)
    {
        var console = Console.Out;
        using var written = new StringWriter();
        Console.SetOut(TextWriter.Synchronized(written));
        try
        {
            var settings = new ConfigurationBuilder().AddInMemoryCollection([new("FunctionsFramework:JsonLogging", "true")]).Build();
            using var services = new ServiceCollection().AddLogging(logging =>
            {
                logging.AddFunctionsConsoleLogging(new WebHostBuilderContext { Configuration = settings });
                EventScopes.AddTo(logging);
            }).BuildServiceProvider();
            log(services.GetRequiredService<ILoggerFactory>().CreateLogger("test"));
        }
        finally
        {
            Console.SetOut(console);
        }

        return [.. written.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonElement.Parse(line))];
    }
}
