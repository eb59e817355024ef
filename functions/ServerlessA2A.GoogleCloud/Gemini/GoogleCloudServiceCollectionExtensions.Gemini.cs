using Google.Api.Gax;
using Google.Api.Gax.Grpc;
using Google.Cloud.AIPlatform.V1;
using Grpc.Core;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using ServerlessA2A.Agents;
using ServerlessA2A.Chat;
using ServerlessA2A.Chat.Contents;
using ServerlessA2A.GoogleCloud;
using ServerlessA2A.GoogleCloud.Credentials;
using ServerlessA2A.GoogleCloud.Gemini;
using ServerlessA2A.GoogleCloud.Gemini.Chat;
using ServerlessA2A.Tasks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers Gemini. Services that are already registered are kept.</summary>
public static partial class GoogleCloudServiceCollectionExtensions
{
    private static readonly string[] InputModes =
    [
        .. new[] { "text/plain", "application/json", "application/xml", "text/*", "image/*", "audio/*", "video/*", "application/pdf" }
            .Union(TextFiles.Types),
    ];

    /// <summary>
    /// Adds <see cref="ChatAgent"/>, configured by the section <c>A2A:Gemini</c>, as the unnamed agent if there is no other one. Nothing
    /// is connected before first use. The card declares the media types that the model reads and writes, unless <c>A2A:Agent</c> does.
    /// </summary>
    public static IServiceCollection AddGemini(this IServiceCollection services, IConfiguration configuration) =>
        services.AddGeminiModel(configuration).Any(service => service.ServiceType == typeof(IAgent) && !service.IsKeyedService)
            ? services
            : services.AddGeminiAgent();

    /// <summary>
    /// Adds the same as an agent with a name, which is served at <c>/{name}</c>. All agents over Gemini have the settings
    /// <c>A2A:Gemini</c>, of which <c>Model</c> is required then.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="name">At most 40 lower-case letters, digits and dashes.</param>
    /// <param name="configuration">The settings.</param>
    /// <exception cref="ArgumentException">The name is invalid or taken.</exception>
    public static IServiceCollection AddGemini(this IServiceCollection services, string name, IConfiguration configuration)
    {
        // Not the program's chat client, which may be another model's: its other agents have that one.
        services.AddGeminiServices(configuration)
            .AddAgent(name, provider => CreateGeminiAgent(provider, provider.GetRequiredService<GeminiChatClient>()));
        services.AddOptions<AgentCardOptions>(name).PostConfigure<IOptions<GeminiOptions>>(DeclareModes);
        return services;
    }

    /// <summary>Adds the unnamed agent. Its dependencies are those of <see cref="AddGeminiModel"/>.</summary>
    internal static IServiceCollection AddGeminiAgent(this IServiceCollection services)
    {
        services.AddOptions<AgentCardOptions>().PostConfigure<IOptions<GeminiOptions>>(DeclareModes);
        return services.AddAgent(provider => CreateGeminiAgent(provider, provider.GetRequiredService<IChatClient>()));
    }

    /// <summary>Adds Gemini as the program's chat client, without an agent.</summary>
    internal static IServiceCollection AddGeminiModel(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddGeminiServices(configuration).TryAddSingleton<IChatClient>(
            provider => provider.GetRequiredService<GeminiChatClient>());
        return services;
    }

    /// <summary>Adds what agents over Gemini need. Called again, it adds nothing.</summary>
    private static IServiceCollection AddGeminiServices(this IServiceCollection services, IConfiguration configuration)
    {
        // Bound twice, each list would have its items twice.
        if (services.Any(service => service.ServiceType == typeof(GeminiChatClient)))
            return services;
        services.AddSettings<GeminiOptions>(configuration.GetSection("A2A:Gemini"), options => options.Validate())
            .Bind(configuration.GetSection("A2A:Gemini"))
            .PostConfigure(options => FindProject(options, configuration))
            .PostConfigure<IOptions<TaskOptions>>((options, tasks) => options.FitTools(tasks.Value))
            .RequireDistinctTools();
        services.TryAddSingleton(TimeProvider.System);
        services.AddMcpSettings(configuration);
        services.AddDefaultCredential();
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<GeminiOptions>>().Value;
            var credential = provider.GetRequiredService<DefaultCredential>();
            return new GeminiChatClient(
                () => ConnectAsync(options, credential), options.ToSettings(), provider.GetRequiredService<TimeProvider>(),
                Random.Shared.NextDouble);
        });
        return services;
    }

    private static ChatAgent CreateGeminiAgent(IServiceProvider provider, IChatClient client)
    {
        var options = provider.GetRequiredService<IOptions<GeminiOptions>>().Value;
        return provider.CreateChatAgent(new GeminiModel(client, options), options);
    }

    private static void DeclareModes(AgentCardOptions card, IOptions<GeminiOptions> gemini) =>
        card.DeclareModes(InputModes, OutputModesOf(gemini.Value));

    /// <summary>The service's client, without its own time limits and retries, which the chat client handles.</summary>
    private static Task<PredictionServiceClient> ConnectAsync(GeminiOptions options, DefaultCredential credential)
    {
        var settings = PredictionServiceSettings.GetDefault();
        settings.GenerateContentSettings = CallSettings.FromExpiration(Expiration.None);
        settings.StreamGenerateContentSettings = CallSettings.FromExpiration(Expiration.None);
        var builder = new PredictionServiceClientBuilder
        {
            Endpoint = string.IsNullOrEmpty(options.Endpoint) ? options.ToSettings().DefaultEndpoint : options.Endpoint,
            Settings = settings,
        };
        if (builder.Endpoint.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
            builder.ChannelCredentials = ChannelCredentials.Insecure;
        else
            builder.Credential = credential;
        return builder.BuildAsync();
    }

    private static void FindProject(GeminiOptions options, IConfiguration configuration)
    {
        if (string.IsNullOrWhiteSpace(options.ProjectId))
            options.ProjectId = configuration["A2A:GoogleCloud:ProjectId"];
        if (string.IsNullOrWhiteSpace(options.ProjectId))
            options.ProjectId = GoogleCloudOptions.ProjectOf(configuration);
    }

    private static IEnumerable<string> OutputModesOf(GeminiOptions gemini)
    {
        yield return "text/plain";
        yield return "application/json";
        if (gemini.ResponseModalities.Contains(GeminiModality.Image))
            yield return "image/*";
        if (gemini.ResponseModalities.Contains(GeminiModality.Audio))
            yield return "audio/*";
    }
}
