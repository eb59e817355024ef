using System.Globalization;
using Google.Cloud.Functions.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ServerlessA2A.Functions.Local.Emulators;
using ServerlessA2A.GoogleCloud;
using ServerlessA2A.Hosting;
using ServerlessA2A.Webhooks;

namespace ServerlessA2A.Functions.Local;

/// <summary>
/// Runs every function in one process, with the deployed function classes: HTTP functions by path, CloudEvent functions with the event that
/// Eventarc would send.
/// </summary>
internal static class LocalHost
{
    /// <summary>Starts the Firestore and Pub/Sub emulators together with the functions, and stops them with these.</summary>
    private const string WithEmulators = "--emulators";

    /// <summary>
    /// Serves until shutdown. <c>--urls</c> or <c>PORT</c> sets the address. Default: port 8080. <c>--emulators</c> keeps tasks in the
    /// emulators, as their variables do if they already run.
    /// </summary>
    public static async Task<int> RunAsync(A2AFunctionsBuilder builder, string[] args)
    {
        await using var emulators = args.Contains(WithEmulators) ? await OwnEmulators.StartAsync() : null;
        if (emulators is not null)
            builder.Configuration.AddInMemoryCollection(emulators.Settings);
        await using var app = Build(builder);
        await app.StartAsync();
        Banner.Write(Console.Out, app.Urls.First(), app.Services);
        await app.WaitForShutdownAsync();
        return 0;
    }

    /// <summary>The arguments without those that only the local host reads.</summary>
    public static string[] WithoutOwn(string[] args) => [.. args.Where(arg => arg != WithEmulators)];

    /// <summary>All functions, not yet started.</summary>
    internal static WebApplication Build(A2AFunctionsBuilder functions)
    {
        var builder = functions.Web;
        if (string.IsNullOrEmpty(builder.Configuration["urls"]))
            builder.WebHost.UseUrls(AddressOf(Environment.GetEnvironmentVariable("PORT")));

        // The caller prints start faults, one line each.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);

        functions.AddStartups();
        builder.Services.AddScoped<AgentCardFunction>().AddScoped<MessageFunction>();
        builder.Services.AddScoped<RunTaskFunction>().AddScoped<NotifyFunction>()
            .AddScoped<SweepFunction>().AddScoped<DeadLetterFunction>();
        builder.Services.AddSingleton<EventDelivery>();
        // For trying out webhooks with a receiver on this machine. Only here, and stated in the banner.
        builder.Services.Configure<WebhookOptions>(options =>
        {
            options.AllowHttp = builder.Configuration.GetValue("A2A:Webhooks:AllowHttp", defaultValue: true);
            options.AllowLoopback = builder.Configuration.GetValue("A2A:Webhooks:AllowLoopback", defaultValue: true);
        });
        AddTriggers(builder.Services, TaskPlaces.Choose(builder.Configuration));

        var app = builder.Build();
        foreach (var startup in app.Services.GetServices<FunctionsStartup>())
            startup.Configure(functions.Context, app);
        app.Run(HttpTrigger.HandleAsync);
        return app;
    }

    /// <summary>Runs the functions without an HTTP trigger.</summary>
    private static void AddTriggers(IServiceCollection services, TaskPlace place)
    {
        if (place == TaskPlace.InMemory)
        {
            services.AddHostedService<RunTaskTrigger>();
            services.AddHostedService<NotifyTrigger>();
            services.AddHostedService(provider =>
            {
                var events = provider.GetRequiredService<EventDelivery>();
                return new SweepSchedule(
                    provider.GetRequiredService<TimeProvider>(),
                    stopping => events.DeliverAsync(
                        PubSubTrigger.Sweep, events.NewMessage(default), GoogleCloudOptions.LocalProject, stopping));
            });
        }
        else if (place == TaskPlace.Emulators)
        {
            EmulatorTriggers.Add(services);
        }
    }

    /// <summary>A text that is not a number would be taken for a host name, and listen on every address.</summary>
    private static string AddressOf(string? port)
    {
        if (string.IsNullOrEmpty(port))
            return "http://localhost:8080";
        return ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? FormattableString.Invariant($"http://{(number == 0 ? "127.0.0.1" : "localhost")}:{number}")
            : throw new FormatException($"PORT is '{port}': set a number from 0 to 65535.");
    }
}
