using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ServerlessA2A.Functions.Local;

/// <summary>
/// Runs every function in one process, with the very classes that are deployed: HTTP functions by path, CloudEvent functions with the
/// event that Eventarc would send.
/// </summary>
internal static class LocalHost
{
    /// <summary>Serves until it is told to end. <c>--urls</c> or <c>PORT</c> choose the address; port 8080 unless set.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        await using var app = Build(args);
        await app.StartAsync();
        Banner.Write(Console.Out, app.Urls.First());
        await app.WaitForShutdownAsync();
        return 0;
    }

    private static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        if (string.IsNullOrEmpty(builder.Configuration["urls"]))
            builder.WebHost.UseUrls(AddressOf(Environment.GetEnvironmentVariable("PORT")));

        // What keeps the host from starting is told in one line, by whoever has started it.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);

        var context = new WebHostBuilderContext { Configuration = builder.Configuration, HostingEnvironment = builder.Environment };
        new Startup().ConfigureServices(context, builder.Services);
        builder.Services.AddScoped<AgentCardFunction>().AddScoped<MessageFunction>().AddScoped<RunTaskFunction>();
        builder.Services.AddHostedService<RunTaskTrigger>();

        var app = builder.Build();
        app.Run(HttpTrigger.HandleAsync);
        return app;
    }

    /// <summary>What is no number would be read as the name of a host, and listened to on every address.</summary>
    private static string AddressOf(string? port)
    {
        if (string.IsNullOrEmpty(port))
            return "http://localhost:8080";
        return ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? FormattableString.Invariant($"http://{(number == 0 ? "127.0.0.1" : "localhost")}:{number}")
            : throw new FormatException($"PORT is '{port}': set a number from 0 to 65535.");
    }
}
