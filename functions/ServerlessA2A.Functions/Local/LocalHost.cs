using System.Globalization;
using Google.Cloud.Functions.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ServerlessA2A.Functions.Inspector;
using ServerlessA2A.Functions.Local.Emulators;
using ServerlessA2A.Functions.Local.PostgreSql;
using ServerlessA2A.GoogleCloud;
using ServerlessA2A.Hosting;
using ServerlessA2A.Settings;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Callbacks;
using ServerlessA2A.Webhooks;
using ServerlessA2A.Webhooks.Addresses;

namespace ServerlessA2A.Functions.Local;

/// <summary>
/// Runs every function in one process, with the deployed function classes: HTTP functions by path, CloudEvent functions with the event that
/// Eventarc would send.
/// </summary>
internal static class LocalHost
{
    /// <summary>Creates or migrates the tables in PostgreSQL and ends.</summary>
    private const string Migrates = "--migrate";

    /// <summary>
    /// Serves until shutdown. <c>--urls</c> or <c>PORT</c> sets the address. Default: port 8080. The emulators' variables keep tasks in
    /// emulators that already run. See <see cref="LocalArguments"/> for the arguments.
    /// </summary>
    public static async Task<int> RunAsync(A2AFunctionsBuilder builder)
    {
        var arguments = builder.Local;
        var progress = new Progress(Console.Out, isTerminal: !Console.IsOutputRedirected, TimeProvider.System);
        await using var emulators = arguments.Emulators
            ? await progress.ShowAsync("Starting the emulators of Firestore and Pub/Sub", OwnEmulators.StartAsync)
            : null;
        if (emulators is not null)
            builder.Configuration.AddInMemoryCollection(emulators.Settings);
        await using var server = arguments.PostgreSql
            ? await progress.ShowAsync("Starting PostgreSQL", () => OwnPostgreSql.StartAsync(builder.Configuration))
            : null;
        var log = arguments.Quiet ? null : new RequestLog(Console.Out, TimeProvider.System, arguments.Verbose);
        await using var app = Build(builder, log);
        if (app.Services.GetService<InspectedAgent>() is { } inspected)
            await inspected.CheckAsync(CancellationToken.None);
        if (TaskPlaces.Choose(builder.Configuration) == TaskPlace.LocalPostgreSql)
            await app.Services.MigratePostgreSqlTasksAsync();
        await app.StartAsync();
        Banner.Write(Console.Out, app.Urls.First(), app.Services);
        if (arguments.Opens)
            Browser.Open(Banner.InspectorAddress(app.Urls.First()), Console.Out);
        await app.WaitForShutdownAsync();
        if (log is not null)
            await log.WriteSummaryAsync(app.Services.GetRequiredService<ITaskStore>());
        return 0;
    }

    /// <summary>Whether the arguments ask for a migration instead of a server.</summary>
    /// <remarks>
    /// A job of Cloud Run that runs the image of a function hands no arguments to the program: there <c>A2A_MIGRATE=true</c> asks for it.
    /// </remarks>
    public static bool IsMigration(string[] args) =>
        args.Contains(Migrates) ||
            string.Equals(Environment.GetEnvironmentVariable("A2A_MIGRATE"), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>Creates the tables in PostgreSQL, or brings them to the version of this program.</summary>
    public static async Task<int> MigrateAsync(A2AFunctionsBuilder builder)
    {
        if (TaskPlaces.Choose(builder.Configuration) is not (TaskPlace.PostgreSql or TaskPlace.LocalPostgreSql))
            throw new StartFaultException(
                $"{Migrates}: tasks are not kept in PostgreSQL. Set {SettingFault.Name("A2A:Tasks:Store")} to PostgreSql.");
        builder.AddStartups();
        await using var app = builder.Web.Build();
        await app.Services.MigratePostgreSqlTasksAsync();
        await Console.Out.WriteLineAsync("PostgreSQL has the tables of this version.");
        return 0;
    }

    /// <summary>All functions, not yet started.</summary>
    internal static WebApplication Build(A2AFunctionsBuilder functions, RequestLog? log = null)
    {
        var builder = functions.Web;
        if (string.IsNullOrEmpty(builder.Configuration["urls"]))
            builder.WebHost.UseUrls(AddressOf(Environment.GetEnvironmentVariable("PORT")));

        if (functions.Local.GrpcPort is { } grpcPort)
            AddGrpc(builder, grpcPort);
        // The caller prints start faults, one line each.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);

        // Before the engine's own registrations. The address is known once the server has started.
        builder.Services.AddSingleton(provider => new SingleProcess(
            () => provider.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault()));
        functions.AddStartups();
        builder.Services.AddScoped<AgentCardFunction>().AddScoped<MessageFunction>().AddScoped<CallbackFunction>();
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
        if (functions.Local.Inspect is { } argument)
        {
            var address = InspectedAgent.Read(argument);
            builder.Services.AddSingleton(provider => new InspectedAgent(
                address, provider.GetRequiredService<IHostAddresses>(), provider.GetRequiredService<TimeProvider>()));
        }

        var app = builder.Build();
        if (log is not null)
            app.Use(next => context => log.HandleAsync(context, next));
        if (string.IsNullOrEmpty(builder.Configuration[LocalNames.Setting]))
            app.Use(next => context => LocalNames.FaultOf(context) is { } fault ? RefuseAsync(context.Response, fault) : next(context));
        if (functions.Local.GrpcPort is not null)
            GrpcEndpoint.Map(app, isLocal: true);
        InspectorEndpoint.Map(app, isLocal: true, app.Services.GetService<InspectedAgent>());
        foreach (var startup in app.Services.GetServices<FunctionsStartup>())
            startup.Configure(functions.Context, app);
        app.Run(HttpTrigger.HandleAsync);
        return app;
    }

    private static Task RefuseAsync(HttpResponse response, string fault)
    {
        response.StatusCode = StatusCodes.Status403Forbidden;
        response.ContentType = "text/plain; charset=utf-8";
        return response.WriteAsync(fault + "\n");
    }

    /// <summary>Serves gRPC on a port of its own, which the cards name.</summary>
    private static void AddGrpc(WebApplicationBuilder builder, string text)
    {
        if (!ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0)
            throw new StartFaultException($"--grpc-port is '{text}': set a number from 1 to 65535.");
        var address = FormattableString.Invariant($"localhost:{port}");
        builder.WebHost.UseSetting(WebHostDefaults.ServerUrlsKey, $"{builder.Configuration["urls"]};http://{address}");
        if (string.IsNullOrEmpty(builder.Configuration[GrpcEndpoint.Setting]))
            builder.Configuration.AddInMemoryCollection([new(GrpcEndpoint.Setting, address)]);
        GrpcEndpoint.Add(builder, isOfGrpc: each => each == port);
    }

    /// <summary>Runs the functions without an HTTP trigger.</summary>
    private static void AddTriggers(IServiceCollection services, TaskPlace place)
    {
        if (place.HasLocalQueue())
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
        else if (place == TaskPlace.Emulators || Environment.GetEnvironmentVariable("PUBSUB_EMULATOR_HOST") is { Length: > 0 })
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
