using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using ServerlessA2A.GoogleCloud.Credentials;

namespace ServerlessA2A.Functions.Telemetry;

/// <summary>
/// Exports spans and metrics by OTLP. Only this folder knows OpenTelemetry, whose assemblies are loaded when this class is used.
/// </summary>
internal static class TelemetryExport
{
    private const string Protocol = "OTEL_EXPORTER_OTLP_PROTOCOL";
    private const string Sampler = "OTEL_TRACES_SAMPLER";

    /// <summary>The activity sources that are exported.</summary>
    internal static readonly string[] Sources =
        ["ServerlessA2A*", "Npgsql", "System.Net.Http", TelemetryFlush.Server, "Experimental.ModelContextProtocol"];

    /// <summary>The meters that are exported.</summary>
    internal static readonly string[] Meters = ["ServerlessA2A*", "Npgsql", "Microsoft.AspNetCore.Hosting"];

    /// <summary>Adds the export. The variables that OpenTelemetry defines (<c>OTEL_…</c>) apply.</summary>
    public static void Add(IServiceCollection services, IConfiguration configuration, Uri endpoint)
    {
        // OpenTelemetry appends the paths of traces and metrics only to the address that it reads itself.
        configuration[TelemetryEndpoint.Variable] = endpoint.OriginalString;
        // The default of the specification; that of .NET is gRPC.
        SetUnlessSet(configuration, Protocol, "http/protobuf");
        // Cloud Run decides in the traceparent of each request to sample only one in ten seconds: one trace would have some of its spans.
        if (CloudRunService(configuration) is not null)
            SetUnlessSet(configuration, Sampler, "always_on");
        services.AddOpenTelemetry()
            .ConfigureResource(resource => Describe(resource, configuration))
            .WithTracing(tracing => tracing.AddSource(Sources).AddProcessor(NewBuffer))
            .WithMetrics(metrics => metrics.AddMeter(Meters).AddOtlpExporter());
        services.TryAddSingleton<TelemetryFlush>();
        if (IsGoogles(endpoint))
            Authorize(services);
    }

    /// <summary>Flushes at the end of each request.</summary>
    public static void Use(IApplicationBuilder app) =>
        app.Use(app.ApplicationServices.GetRequiredService<TelemetryFlush>().HandleAsync);

    /// <summary>Whether the receiver is Google's, which takes the access token of the function's service account.</summary>
    internal static bool IsGoogles(Uri endpoint) =>
        endpoint.Scheme == "https" && endpoint.Host.EndsWith(".googleapis.com", StringComparison.OrdinalIgnoreCase);

    /// <summary>The options of the exporter are those that the exporter of metrics has registered.</summary>
    private static SpanBuffer NewBuffer(IServiceProvider provider) => new(
        new OtlpTraceExporter(provider.GetRequiredService<IOptionsMonitor<OtlpExporterOptions>>().CurrentValue),
        new BatchExportActivityProcessorOptions(), provider.GetRequiredService<TimeProvider>());

    private static void Authorize(IServiceCollection services)
    {
        services.AddDefaultCredential();
        services.AddOptions<OtlpExporterOptions>().Configure<DefaultCredential>((exporter, credential) =>
            exporter.HttpClientFactory = () =>
                new HttpClient(new AccessTokenHandler(credential) { InnerHandler = new SocketsHttpHandler() })
                {
                    Timeout = TimeSpan.FromMilliseconds(exporter.TimeoutMilliseconds),
                });
    }

    /// <summary>The attributes of Cloud Run, by the conventions for resources; those of <c>OTEL_RESOURCE_ATTRIBUTES</c> win.</summary>
    private static void Describe(ResourceBuilder resource, IConfiguration configuration)
    {
        var (service, revision) = (CloudRunService(configuration), configuration["K_REVISION"]);
        resource.AddService(
            service ?? Assembly.GetEntryAssembly()?.GetName().Name ?? "ServerlessA2A", serviceVersion: revision,
            autoGenerateServiceInstanceId: true);
        if (service is not null)
        {
            resource.AddAttributes(
            [
                new("cloud.provider", "gcp"), new("cloud.platform", "gcp_cloud_run"), new("faas.name", service),
                new("faas.version", revision ?? ""),
            ]);
        }

        if ((configuration["A2A:GoogleCloud:ProjectId"] ?? configuration["GOOGLE_CLOUD_PROJECT"]) is { Length: > 0 } project)
            resource.AddAttributes([new("gcp.project_id", project), new("cloud.account.id", project)]);
        resource.AddEnvironmentVariableDetector();
    }

    private static string? CloudRunService(IConfiguration configuration) =>
        configuration["K_SERVICE"] is { Length: > 0 } service ? service : null;

    private static void SetUnlessSet(IConfiguration configuration, string name, string value)
    {
        if (string.IsNullOrWhiteSpace(configuration[name]))
            configuration[name] = value;
    }
}
