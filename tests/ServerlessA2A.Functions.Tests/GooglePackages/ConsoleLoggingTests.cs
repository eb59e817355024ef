using System.Text.Json;
using Google.Cloud.Functions.Hosting;
using Google.Cloud.Functions.Testing;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using ServerlessA2A.Functions.Tests.GooglePackages.Functions;

namespace ServerlessA2A.Functions.Tests.GooglePackages;

[Collection(nameof(WithTheProcessToItself))]
public class ConsoleLoggingTests
{
    [Fact]
    public async Task OnCloudRunALogEntryIsALineOfJson()
    {
        var lines = await LinesOfAnEchoAsync(json: true);

        var line = Assert.Single(lines, line => line.Contains("Asked for", StringComparison.Ordinal));
        var entry = JsonDocument.Parse(line).RootElement;
        Assert.Equal("Asked for /here", entry.GetProperty("message").GetString());
        Assert.Equal("WARNING", entry.GetProperty("severity").GetString());
        Assert.Equal(typeof(EchoFunction).FullName, entry.GetProperty("category").GetString());
        Assert.Equal("/here", entry.GetProperty("format_parameters").GetProperty("Path").GetString());
        Assert.Contains("an echo", entry.GetProperty("scopes").EnumerateArray().Select(scope => scope.ToString()));
    }

    [Fact]
    public async Task ElsewhereItIsALineForPeople()
    {
        var lines = await LinesOfAnEchoAsync(json: false);

        Assert.Single(lines, line => line.EndsWith($"[{typeof(EchoFunction).FullName}] [warn] Asked for /here", StringComparison.Ordinal));
    }

    private static async Task<string[]> LinesOfAnEchoAsync(bool json)
    {
        var console = Console.Out;
        using var written = new StringWriter();
        Console.SetOut(TextWriter.Synchronized(written));
        try
        {
            using var server = FunctionTestServerBuilder.Create<EchoFunction>()
                .UseFunctionsStartups(new Format(json))
                .UseFunctionsFrameworkConsoleLogging(true)
                .Build();
            using var client = server.CreateClient();
            await client.GetStringAsync(new Uri("/here", UriKind.Relative));
        }
        finally
        {
            Console.SetOut(console);
        }
        return written.ToString().Split(Environment.NewLine);
    }

    private sealed class Format(bool json) : FunctionsStartup
    {
        // K_SERVICE sets it on Cloud Run.
        public override void ConfigureAppConfiguration(WebHostBuilderContext context, IConfigurationBuilder configuration) =>
            configuration.AddInMemoryCollection([new("FunctionsFramework:JsonLogging", json.ToString())]);
    }
}
