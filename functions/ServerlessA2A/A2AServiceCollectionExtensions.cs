using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ServerlessA2A.Agents;
using ServerlessA2A.Bindings;
using ServerlessA2A.Hosting;
using ServerlessA2A.InMemory;
using ServerlessA2A.Security;
using ServerlessA2A.Security.Authentication;
using ServerlessA2A.Security.Exchange;
using ServerlessA2A.Security.Limits;
using ServerlessA2A.Settings;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Callbacks;
using ServerlessA2A.Tasks.Operations;
using ServerlessA2A.Tasks.Running;
using ServerlessA2A.Webhooks;
using ServerlessA2A.Webhooks.Addresses;
using ServerlessA2A.Webhooks.Configuration;
using ServerlessA2A.Webhooks.Delivery;
using ServerlessA2A.Webhooks.Signing;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>
/// Adds the A2A engine, agents, and tasks in memory. Services that are already registered (store, queue, agent, clock) are kept.
/// </summary>
public static class A2AServiceCollectionExtensions
{
    /// <summary>Adds the engine, configured by the section <c>A2A</c>, without a store, a queue and an agent.</summary>
    public static IServiceCollection AddServerlessA2A(this IServiceCollection services, IConfiguration configuration)
    {
        var section = configuration.GetSection("A2A");
        services.AddSettings<AgentCardOptions>(section.GetSection("Agent"), options => options.Validate().Except(options.InheritedFaults))
            .Bind(section.GetSection("Agent"));
        services.AddSettings<TaskOptions>(section.GetSection("Tasks"), options => options.Validate()).Bind(section.GetSection("Tasks"));
        services.AddSettings<BindingOptions>(section.GetSection("Http"), options => options.Validate()).Bind(section.GetSection("Http"));
        // A typo there would open what the setting was to close.
        services.AddSettings<WebhookOptions>(section.GetSection("Webhooks"), options => options.Validate(), names: true)
            .Bind(section.GetSection("Webhooks"));
        services.AddSettings<SecurityOptions>(section.GetSection("Security"), options => options.Validate(), names: true)
            .Bind(section.GetSection("Security"));
        services.AddSettings<LimitOptions>(section.GetSection("Limits"), options => options.Validate()).Bind(section.GetSection("Limits"));

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IdSource>(new RandomIds().Next);
        services.TryAddSingleton(provider => new AgentSettings(
            section, provider.GetServices<AgentName>(), provider.GetRequiredService<IServiceProviderIsService>()));
        services.AddSingleton<IConfigureOptions<AgentCardOptions>>(provider => provider.GetRequiredService<AgentSettings>());
        services.AddSingleton<IValidateOptions<AgentCardOptions>>(provider => provider.GetRequiredService<AgentSettings>());
        services.AddSingleton<IValidateOptions<AgentCardOptions>, ScopesNeedTokens>();
        services.AddOptions<Start>().Validate<AgentSettings>(
            (_, agents) => agents.HasAgents,
            "The program has no agent: add one with AddAgent<MyAgent>(), or several with AddAgent<MyAgent>(\"name\").").ValidateOnStart();
        services.AddOptions<Start>().Validate<IEnumerable<IA2AExtension>>(
            (_, extensions) => extensions.All(each => Uri.TryCreate(each.Uri, UriKind.Absolute, out var _)) &&
                extensions.DistinctBy(each => each.Uri).Count() == extensions.Count(),
            "The URIs of the extensions that were added with AddA2AExtension must be absolute and unique.").ValidateOnStart();
        services.TryAddSingleton(HostAgents);
        services.TryAddSingleton<WebhookRegistry>();
        services.TryAddSingleton<WebhookAcceptance>();
        services.TryAddSingleton<IWebhooks, TaskWebhooks>();
        services.TryAddSingleton<IHostAddresses, DnsHostAddresses>();
        services.TryAddSingleton<AddressGuard>();
        services.TryAddSingleton<WebhookSender>();
        services.TryAddSingleton<WebhookCaller>();
        services.TryAddSingleton<DeliveryRequests>();
        services.TryAddSingleton(provider => new WebhookDelivery(
            provider.GetRequiredService<IWebhookStore>(),
            provider.GetRequiredService<ITaskStore>(),
            provider.GetRequiredService<IDeliveryQueue>(),
            provider.GetRequiredService<WebhookCaller>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IdSource>(),
            provider.GetRequiredService<IOptions<WebhookOptions>>(),
            Random.Shared.NextDouble,
            provider.GetRequiredService<ILogger<WebhookDelivery>>()));
        services.TryAddSingleton<WebhookSweeper>();
        services.AddAdmission();
        services.TryAddSingleton(provider => new TokenExchange(
            provider.GetRequiredService<IOptions<SecurityOptions>>(),
            provider.GetRequiredService<IdentityProviderClient>(),
            provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<TaskLimits>();
        services.TryAddSingleton<AccessTokens>();
        services.TryAddSingleton<RunRequests>();
        services.TryAddSingleton<TaskLogs>();
        services.TryAddSingleton<DuplicateDetection>();
        services.TryAddSingleton<TaskCreation>();
        services.TryAddSingleton<TaskContinuation>();
        services.TryAddSingleton<TaskLifecycle>();
        services.TryAddSingleton<CallbackStates>();
        services.TryAddSingleton<TaskCallbacks>();
        services.TryAddSingleton<CallbackReception>();
        services.TryAddSingleton<TaskLeases>();
        services.TryAddSingleton<RunTurns>();
        services.TryAddSingleton(provider => new TaskRunner(
            provider.GetRequiredService<TaskLeases>(),
            provider.GetRequiredService<RunRequests>(),
            provider.GetRequiredService<RunTurns>(),
            provider.GetRequiredService<ITaskStore>(),
            provider.GetRequiredService<TaskCallbacks>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IdSource>(),
            provider.GetRequiredService<IOptions<TaskOptions>>(),
            provider.GetRequiredService<ILogger<TaskRunner>>()));
        services.TryAddSingleton<TaskSweeper>();
        services.AddSigningAndSecrets();
        services.AddCrossOrigin();
        services.AddBindings();
        return services;
    }

    /// <summary>
    /// Stores and runs tasks in this process: adds a store, a queue, and a worker that starts and stops with the host. Tasks are lost when
    /// the process ends.
    /// </summary>
    public static IServiceCollection AddInMemoryTasks(this IServiceCollection services, IConfiguration configuration) =>
        services.AddInMemoryState(configuration).AddInMemoryWorker();

    /// <summary>
    /// Runs tasks in this process, whatever their store: adds a queue in memory, in place of any other queue, and a worker that starts and
    /// stops with the host. Tasks of a durable store survive the process: the worker of another process continues them.
    /// </summary>
    public static IServiceCollection AddInMemoryQueue(this IServiceCollection services)
    {
        services.AddInMemoryQueues();
        services.Replace(ServiceDescriptor.Singleton<ITaskQueue>(provider => provider.GetRequiredService<InMemoryTaskQueue>()));
        services.Replace(ServiceDescriptor.Singleton<IDeliveryQueue>(provider => provider.GetRequiredService<InMemoryDeliveryQueue>()));
        return services.AddInMemoryWorker();
    }

    /// <summary>Adds the store and the queues of <see cref="AddInMemoryTasks"/>, for hosts with their own worker.</summary>
    internal static IServiceCollection AddInMemoryState(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<InMemoryOptions>(configuration.GetSection("A2A:InMemory"), options => options.Validate())
            .Bind(configuration.GetSection("A2A:InMemory"));
        services.AddInMemoryQueues();
        services.TryAddSingleton<InMemoryTaskStore>();
        services.TryAddSingleton(new SingleProcess(() => null));
        services.TryAddSingleton<ITaskStore>(provider => provider.GetRequiredService<InMemoryTaskStore>());
        services.TryAddSingleton<IWebhookStore>(provider => provider.GetRequiredService<InMemoryTaskStore>());
        return services;
    }

    /// <summary>Adds the unnamed agent, which is served at <c>/</c>. There can be only one.</summary>
    /// <param name="services">The services.</param>
    /// <param name="replies">
    /// Whether the agent may answer with a message instead of a task (<see cref="ReplyUpdate"/>). Default: the setting
    /// <c>A2A:Agent:Replies</c>.
    /// </param>
    /// <exception cref="InvalidOperationException">There is an unnamed agent already: each further agent needs a name.</exception>
    public static IServiceCollection AddAgent<TAgent>(this IServiceCollection services, bool replies = false)
        where TAgent : class, IAgent => services.AddAgent(ServiceDescriptor.Singleton<IAgent, TAgent>(), replies);

    /// <inheritdoc cref="AddAgent{TAgent}(IServiceCollection, bool)"/>
    public static IServiceCollection AddAgent(this IServiceCollection services, IAgent agent, bool replies = false) =>
        services.AddAgent(ServiceDescriptor.Singleton(agent), replies);

    /// <inheritdoc cref="AddAgent{TAgent}(IServiceCollection, bool)"/>
    public static IServiceCollection AddAgent(
        this IServiceCollection services, Func<IServiceProvider, IAgent> create, bool replies = false) =>
        services.AddAgent(ServiceDescriptor.Singleton(create), replies);

    /// <summary>
    /// Adds an agent at <c>/{name}</c>, with its own card, settings and tasks. If no unnamed agent is added, the first named one is also
    /// served at <c>/</c>. The agent is a keyed service: an <see cref="IAgent"/> with its name as the key.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="name">
    /// The name in paths and in the settings <c>A2A:Agents:{name}</c>: at most 40 lower-case letters, digits and dashes. It takes
    /// precedence over a tenant of the same name. Tasks store it: renaming an agent makes it a different agent. Keep the first agent
    /// unnamed when you add a second one: callers do not find tasks from before an agent got its name.
    /// </param>
    /// <param name="replies">
    /// Whether the agent may answer with a message instead of a task (<see cref="ReplyUpdate"/>). Default: the setting
    /// <c>A2A:Agents:{name}:Replies</c>.
    /// </param>
    /// <remarks>
    /// Configure settings in code under the name:
    /// <c>services.Configure&lt;AgentCardOptions&gt;("weather", card => …)</c>. Settings without
    /// a name are those of the unnamed agent, even if a named agent is the default.
    /// </remarks>
    /// <exception cref="ArgumentException">The name is invalid, or another agent has it already.</exception>
    public static IServiceCollection AddAgent<TAgent>(this IServiceCollection services, string name, bool replies = false)
        where TAgent : class, IAgent =>
        services.AddAgent(new AgentName(name), ServiceDescriptor.KeyedSingleton<IAgent, TAgent>(name), replies);

    /// <inheritdoc cref="AddAgent{TAgent}(IServiceCollection, string, bool)"/>
    public static IServiceCollection AddAgent(this IServiceCollection services, string name, IAgent agent, bool replies = false) =>
        services.AddAgent(new AgentName(name), ServiceDescriptor.KeyedSingleton(name, agent), replies);

    /// <inheritdoc cref="AddAgent{TAgent}(IServiceCollection, string, bool)"/>
    public static IServiceCollection AddAgent(
        this IServiceCollection services, string name, Func<IServiceProvider, IAgent> create, bool replies = false) =>
        services.AddAgent(new AgentName(name), ServiceDescriptor.KeyedSingleton(name, (provider, _) => create(provider)), replies);

    /// <summary>
    /// Adds an extension of the protocol, which the cards of all agents declare. Agents and tools can have it injected by its own type.
    /// </summary>
    public static IServiceCollection AddA2AExtension<TExtension>(this IServiceCollection services)
        where TExtension : class, IA2AExtension
    {
        services.TryAddSingleton<TExtension>();
        return services.AddSingleton<IA2AExtension>(provider => provider.GetRequiredService<TExtension>());
    }

    /// <summary>Adds settings. Invalid settings stop the process at startup, before it accepts requests.</summary>
    /// <param name="services">The services.</param>
    /// <param name="validate">Returns all faults of the settings, each naming the setting, the value found and the remedy.</param>
    /// <returns>The builder to bind the settings with.</returns>
    internal static OptionsBuilder<TOptions> AddSettings<TOptions>(
        this IServiceCollection services, Func<TOptions, IEnumerable<string>> validate)
        where TOptions : class
    {
        services.AddSingleton<IValidateOptions<TOptions>>(new Validation<TOptions>(validate));
        return services.AddOptions<TOptions>().ValidateOnStart();
    }

    /// <summary>Adds the settings of a section. Single texts instead of lists are faults, too.</summary>
    /// <param name="services">The services.</param>
    /// <param name="section">The section.</param>
    /// <param name="validate">Returns all faults of the settings, each naming the setting, the value found and the remedy.</param>
    /// <param name="names">Whether unknown names are faults, too.</param>
    /// <returns>The builder to bind the section with: each binding is generated for its type.</returns>
    internal static OptionsBuilder<TOptions> AddSettings<TOptions>(
        this IServiceCollection services, IConfigurationSection section, Func<TOptions, IEnumerable<string>> validate, bool names = false)
        where TOptions : class
    {
        services.AddSingleton<IValidateOptions<TOptions>>(new Bound<TOptions>(section, names));
        return services.AddSettings(validate);
    }

    private static IServiceCollection AddAgent(this IServiceCollection services, ServiceDescriptor agent, bool replies)
    {
        if (services.Any(service => service.ServiceType == typeof(IAgent) && !service.IsKeyedService))
            throw new InvalidOperationException(
                "There is an unnamed agent already: give this one a name, as in AddAgent<MyAgent>(\"my-agent\").");
        services.Add(agent);
        if (replies)
            services.PostConfigure<AgentCardOptions>(options => options.Replies = true);
        return services;
    }

    private static void AddInMemoryQueues(this IServiceCollection services)
    {
        services.TryAddSingleton<InMemoryTaskQueue>();
        services.TryAddSingleton<ITaskQueue>(provider => provider.GetRequiredService<InMemoryTaskQueue>());
        services.TryAddSingleton<InMemoryDeliveryQueue>();
        services.TryAddSingleton<IDeliveryQueue>(provider => provider.GetRequiredService<InMemoryDeliveryQueue>());
    }

    private static IServiceCollection AddInMemoryWorker(this IServiceCollection services)
    {
        services.TryAddSingleton<InMemoryWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<InMemoryWorker>());
        return services.AddHostedService(provider =>
            new SweepSchedule(provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<InMemoryWorker>().SweepAsync));
    }

    private static IServiceCollection AddAgent(this IServiceCollection services, AgentName name, ServiceDescriptor agent, bool replies)
    {
        if (services.Any(service => service.ServiceType == typeof(AgentName) && name.Equals(service.ImplementationInstance)))
            throw new ArgumentException($"There is an agent '{name.Value}' already: give each agent a unique name.", nameof(name));
        services.AddSingleton(name);
        services.Add(agent);
        services.AddOptions<AgentCardOptions>(name.Value).ValidateOnStart();
        if (replies)
            services.PostConfigure<AgentCardOptions>(name.Value, options => options.Replies = true);
        return services;
    }

    private static HostedAgents HostAgents(IServiceProvider provider)
    {
        var cards = provider.GetRequiredService<IOptionsMonitor<AgentCardOptions>>();
        return new HostedAgents([.. provider.GetRequiredService<AgentSettings>().Names.Select(name => new HostedAgent(
            name,
            new AgentCards(Options.Options.Create(cards.Get(name)), provider.GetServices<IA2AExtension>()),
            () => name.Length == 0 ? provider.GetRequiredService<IAgent>() : provider.GetRequiredKeyedService<IAgent>(name)))]);
    }

    private static void AddAdmission(this IServiceCollection services)
    {
        services.AddAuthenticators();
        services.TryAddSingleton<RequestRates>();
        services.TryAddSingleton<OpenStreams>();
        services.TryAddSingleton<RefusalPace>();
        services.TryAddSingleton(provider => new Admission(
            provider.GetRequiredService<Authenticators>(),
            provider.GetRequiredService<IOptions<SecurityOptions>>(),
            provider.GetRequiredService<RequestRates>(),
            provider.GetRequiredService<OpenStreams>(),
            provider.GetRequiredService<RefusalPace>(),
            new SecurityEvents(provider.GetRequiredService<ILogger<Admission>>(), provider.GetRequiredService<TimeProvider>())));
    }

    /// <summary>Signers are keyed by their signature; those that need Google Cloud are in its package.</summary>
    private static void AddSigningAndSecrets(this IServiceCollection services)
    {
        services.TryAddSingleton(new KeyUse());
        services.TryAddSingleton<SigningKeys>();
        services.TryAddSingleton<Secrets>();
        services.TryAddSingleton<WebhookSecrets>();
        services.TryAddKeyedSingleton<IWebhookSigner, NoSignature>(WebhookSignature.None);
        services.TryAddKeyedSingleton<IWebhookSigner, JwtWebhookSigner>(WebhookSignature.Jwt);
        services.TryAddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<WebhookOptions>>().Value;
            var keys = provider.GetRequiredService<IOptions<SecurityOptions>>().Value.SigningKeys;
            return provider.GetRequiredKeyedService<IWebhookSigner>(
                options.Signature ?? (keys.Count > 0 ? WebhookSignature.Jwt : WebhookSignature.None));
        });

        var settings = services.AddOptions<WebhookOptions>().Validate<IServiceProviderIsKeyedService>(
            (options, offered) => options.Signature != WebhookSignature.GoogleIdToken ||
                offered.IsKeyedService(typeof(IWebhookSigner), WebhookSignature.GoogleIdToken),
            $"{SettingFault.Name("A2A:Webhooks:Signature")} is GoogleIdToken, which requires Google Cloud as the store: " +
            $"set {SettingFault.Name("A2A:Tasks:Store")} to GoogleCloud, or Jwt or None here.");
        settings.Validate<IOptions<SecurityOptions>, KeyUse>(
            (options, security, keys) =>
                !keys.Signs || options.Signature != WebhookSignature.Jwt || security.Value.SigningKeys.Count > 0,
            $"{SettingFault.Name("A2A:Webhooks:Signature")} is Jwt, " +
            $"but there are no {SettingFault.ListName("A2A:Security:SigningKeys")}: set a key, or another signature.");
        services.AddOptions<SecurityOptions>().Validate<KeyUse>(
            (options, keys) =>
                !keys.Authenticates || options.ApiKeys.Hashes.Count > 0 || !IdentitySchemes.Has(options, IdentityScheme.ApiKey),
            SettingFault.Of(
                "A2A:Security:ApiKeys:Hashes:0", "", "the identity api-key needs a key: set its SHA-256 in hexadecimal digits."));
    }

    private static void AddCrossOrigin(this IServiceCollection services)
    {
        // A browser sends cookies automatically, on behalf of its user.
        services.AddOptions<BindingOptions>().Validate<IOptions<SecurityOptions>>(
            (http, security) => !http.AllowedOrigins.Contains("*") ||
                !security.Value.ApiKeys.Header.Equals("Cookie", StringComparison.OrdinalIgnoreCase),
            $"{SettingFault.ListName("A2A:Http:AllowedOrigins")} contains '*' and " +
            SettingFault.Of("A2A:Security:ApiKeys:Header", "Cookie", "list the origins, or use a header of its own for keys."));
    }

    /// <summary>Checks that run only at startup: parts of the engine also work without an agent.</summary>
    private sealed class Start;

    /// <summary>Reports what binding ignored. Named agents, which inherit from a section, do not repeat it.</summary>
    private sealed class Bound<TOptions>(IConfigurationSection section, bool names) : IValidateOptions<TOptions>
        where TOptions : class
    {
        public ValidateOptionsResult Validate(string? name, TOptions options) =>
            string.IsNullOrEmpty(name)
                ? SettingFault.ResultOf(IgnoredSettings.Faults(section, typeof(TOptions), names))
                : ValidateOptionsResult.Success;
    }

    /// <summary>Reports all faults of the settings together.</summary>
    private sealed class Validation<TOptions>(Func<TOptions, IEnumerable<string>> validate) : IValidateOptions<TOptions>
        where TOptions : class
    {
        public ValidateOptionsResult Validate(string? name, TOptions options) => SettingFault.ResultOf(validate(options));
    }
}
