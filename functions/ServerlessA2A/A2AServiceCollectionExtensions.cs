using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ServerlessA2A.Agents;
using ServerlessA2A.Bindings;
using ServerlessA2A.Hosting;
using ServerlessA2A.Security;
using ServerlessA2A.Security.Limits;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.InMemory;
using ServerlessA2A.Tasks.Operations;
using ServerlessA2A.Tasks.Running;
using ServerlessA2A.Webhooks;
using ServerlessA2A.Webhooks.Addresses;
using ServerlessA2A.Webhooks.Configuration;
using ServerlessA2A.Webhooks.Delivery;
using ServerlessA2A.Webhooks.Signing;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the A2A engine, agents, and tasks in memory. What is registered before wins: a store, a queue, an agent, a clock.</summary>
public static class A2AServiceCollectionExtensions
{
    /// <summary>Adds the engine, configured by the section <c>A2A</c>. A store, a queue and an agent are added by others.</summary>
    public static IServiceCollection AddServerlessA2A(this IServiceCollection services, IConfiguration configuration)
    {
        var section = configuration.GetSection("A2A");
        services.AddSettings<AgentCardOptions>(options => options.Validate().Except(options.InheritedFaults)).Bind(section.GetSection("Agent"));
        services.AddSettings<TaskOptions>(options => options.Validate()).Bind(section.GetSection("Tasks"));
        services.AddSettings<BindingOptions>(options => options.Validate()).Bind(section.GetSection("Http"));
        services.AddSettings<NotificationOptions>(options => options.Validate()).Bind(section.GetSection("Notifications"));
        services.AddSettings<SecurityOptions>(options => options.Validate()).Bind(section.GetSection("Security"));
        services.AddSettings<LimitOptions>(options => options.Validate()).Bind(section.GetSection("Limits"));

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IdSource>(new RandomIds().Next);
        services.TryAddSingleton(provider => new AgentSettings(section, provider.GetServices<AgentName>(), provider.GetRequiredService<IServiceProviderIsService>()));
        services.AddSingleton<IConfigureOptions<AgentCardOptions>>(provider => provider.GetRequiredService<AgentSettings>());
        services.AddSingleton<IValidateOptions<AgentCardOptions>>(provider => provider.GetRequiredService<AgentSettings>());
        services.AddOptions<Start>().Validate<AgentSettings>(
            (_, agents) => agents.HasAgents, "The program has no agent: add one with AddAgent<MyAgent>(), or several with AddAgent<MyAgent>(\"name\").").ValidateOnStart();
        services.TryAddSingleton(HostAgents);
        services.TryAddSingleton<PushConfigurations>();
        services.TryAddSingleton<IPushConfigAcceptance>(provider => provider.GetRequiredService<PushConfigurations>());
        services.TryAddSingleton<IHostAddresses, DnsHostAddresses>();
        services.TryAddSingleton<AddressGuard>();
        services.TryAddSingleton<WebhookSender>();
        services.TryAddSingleton<WebhookCaller>();
        services.TryAddSingleton<INotifier, Notifier>();
        services.TryAddSingleton(provider => new NotificationDelivery(
            provider.GetRequiredService<INotificationStore>(),
            provider.GetRequiredService<ITaskStore>(),
            provider.GetRequiredService<INotificationQueue>(),
            provider.GetRequiredService<WebhookCaller>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IdSource>(),
            provider.GetRequiredService<IOptions<NotificationOptions>>(),
            Random.Shared.NextDouble,
            provider.GetRequiredService<ILogger<NotificationDelivery>>()));
        services.TryAddSingleton<NotificationSweeper>();
        services.AddAdmission();
        services.TryAddSingleton<TaskLimits>();
        services.TryAddSingleton<AccessTokens>();
        services.TryAddSingleton<TaskLifecycle>();
        services.TryAddSingleton(provider => new TaskRunner(
            provider.GetRequiredService<ITaskStore>(),
            provider.GetRequiredService<ITaskQueue>(),
            provider.GetRequiredService<HostedAgents>(),
            provider.GetRequiredService<INotifier>(),
            provider.GetRequiredService<AccessTokens>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IdSource>(),
            provider.GetRequiredService<IOptions<TaskOptions>>(),
            provider.GetRequiredService<ILogger<TaskRunner>>()));
        services.TryAddSingleton<TaskSweeper>();
        services.AddSigningAndSecrets(section.GetSection("Security"));
        services.AddCrossOrigin(section.GetSection("Http"));
        services.TryAddSingleton(provider => new AgentCardEndpoint(
            provider.GetRequiredService<HostedAgents>(),
            provider.GetRequiredService<Admission>(),
            provider.GetRequiredService<SigningKeys>(),
            provider.GetRequiredService<IOptions<BindingOptions>>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<AgentCardEndpoint>>()));
        services.TryAddSingleton(provider => new A2AEndpoint(
            provider.GetRequiredService<TaskLifecycle>(),
            provider.GetRequiredService<PushConfigurations>(),
            provider.GetRequiredService<HostedAgents>(),
            provider.GetRequiredService<AgentCardEndpoint>(),
            provider.GetRequiredService<Admission>(),
            provider.GetRequiredService<SigningKeys>(),
            provider.GetRequiredService<IOptions<BindingOptions>>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<A2AEndpoint>>(),
            provider.GetService<IHostApplicationLifetime>()?.ApplicationStopping ?? default));
        return services;
    }

    /// <summary>
    /// Keeps tasks in this process and runs them here: adds a store, a queue, and a worker that starts and stops with the host. Tasks end
    /// with the process.
    /// </summary>
    public static IServiceCollection AddInMemoryTasks(this IServiceCollection services, IConfiguration configuration) =>
        services.AddInMemoryState(configuration).AddInMemoryWorker();

    /// <summary>
    /// Runs tasks in this process, wherever they are kept: adds a queue in memory, in place of any other queue, and a worker that starts and
    /// stops with the host. Tasks of a durable store survive the process: the worker of another one continues them.
    /// </summary>
    public static IServiceCollection AddInMemoryQueue(this IServiceCollection services)
    {
        services.AddInMemoryQueues();
        services.Replace(ServiceDescriptor.Singleton<ITaskQueue>(provider => provider.GetRequiredService<InMemoryTaskQueue>()));
        services.Replace(ServiceDescriptor.Singleton<INotificationQueue>(provider => provider.GetRequiredService<InMemoryNotificationQueue>()));
        return services.AddInMemoryWorker();
    }

    /// <summary>Adds the store and the queues of <see cref="AddInMemoryTasks"/>, for hosts that run the tasks in another way.</summary>
    internal static IServiceCollection AddInMemoryState(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<InMemoryOptions>(options => options.Validate()).Bind(configuration.GetSection("A2A:InMemory"));
        services.AddInMemoryQueues();
        services.TryAddSingleton<InMemoryTaskStore>();
        services.TryAddSingleton<ITaskStore>(provider => provider.GetRequiredService<InMemoryTaskStore>());
        services.TryAddSingleton<INotificationStore>(provider => provider.GetRequiredService<InMemoryTaskStore>());
        return services;
    }

    /// <summary>Adds the agent at <c>/</c>, which has no name. There is one at most.</summary>
    /// <param name="services">The services.</param>
    /// <param name="replies">
    /// Whether the agent may answer with a message instead of a task (<see cref="ReplyUpdate"/>). Default: the setting
    /// <c>A2A:Agent:Replies</c>.
    /// </param>
    /// <exception cref="InvalidOperationException">There is an agent without a name already: each further one needs a name.</exception>
    public static IServiceCollection AddAgent<TAgent>(this IServiceCollection services, bool replies = false)
        where TAgent : class, IAgent => services.AddAgent(ServiceDescriptor.Singleton<IAgent, TAgent>(), replies);

    /// <inheritdoc cref="AddAgent{TAgent}(IServiceCollection, bool)"/>
    public static IServiceCollection AddAgent(this IServiceCollection services, IAgent agent, bool replies = false) =>
        services.AddAgent(ServiceDescriptor.Singleton(agent), replies);

    /// <inheritdoc cref="AddAgent{TAgent}(IServiceCollection, bool)"/>
    public static IServiceCollection AddAgent(this IServiceCollection services, Func<IServiceProvider, IAgent> create, bool replies = false) =>
        services.AddAgent(ServiceDescriptor.Singleton(create), replies);

    /// <summary>
    /// Adds an agent at <c>/{name}</c>, with a card, settings and tasks of its own. Where no agent without a name is added, the first one with a name is at
    /// <c>/</c> too. It is a keyed service: an <see cref="IAgent"/> with its name as the key.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="name">
    /// The name in paths and in the settings <c>A2A:Agents:{name}</c>: at most 40 lower-case letters, digits and dashes. It wins over a tenant of the same
    /// name. Tasks remember it: an agent with another name is another agent. Keep the first agent unnamed when you add a second one: callers do not find the
    /// tasks of an agent that is given a name later.
    /// </param>
    /// <param name="replies">
    /// Whether the agent may answer with a message instead of a task (<see cref="ReplyUpdate"/>). Default: the setting
    /// <c>A2A:Agents:{name}:Replies</c>.
    /// </param>
    /// <remarks>
    /// Settings in code are those of the name: <c>services.Configure&lt;AgentCardOptions&gt;("weather", card => …)</c>. Without the name they are those of
    /// the agent without one, even where an agent with a name is the default.
    /// </remarks>
    /// <exception cref="ArgumentException">The name breaks the rule, or an agent has it already.</exception>
    public static IServiceCollection AddAgent<TAgent>(this IServiceCollection services, string name, bool replies = false)
        where TAgent : class, IAgent => services.AddAgent(new AgentName(name), ServiceDescriptor.KeyedSingleton<IAgent, TAgent>(name), replies);

    /// <inheritdoc cref="AddAgent{TAgent}(IServiceCollection, string, bool)"/>
    public static IServiceCollection AddAgent(this IServiceCollection services, string name, IAgent agent, bool replies = false) =>
        services.AddAgent(new AgentName(name), ServiceDescriptor.KeyedSingleton(name, agent), replies);

    /// <inheritdoc cref="AddAgent{TAgent}(IServiceCollection, string, bool)"/>
    public static IServiceCollection AddAgent(this IServiceCollection services, string name, Func<IServiceProvider, IAgent> create, bool replies = false) =>
        services.AddAgent(new AgentName(name), ServiceDescriptor.KeyedSingleton(name, (provider, _) => create(provider)), replies);

    /// <summary>Adds settings. Bad ones end the process when it starts, before it has listened to anybody.</summary>
    /// <param name="services">The services.</param>
    /// <param name="validate">What is wrong with the settings: all of it, each message naming the setting, the value found and what to do.</param>
    /// <returns>To bind the settings with.</returns>
    internal static OptionsBuilder<TOptions> AddSettings<TOptions>(this IServiceCollection services, Func<TOptions, IEnumerable<string>> validate)
        where TOptions : class
    {
        services.AddSingleton<IValidateOptions<TOptions>>(new Validation<TOptions>(validate));
        return services.AddOptions<TOptions>().ValidateOnStart();
    }

    private static IServiceCollection AddAgent(this IServiceCollection services, ServiceDescriptor agent, bool replies)
    {
        if (services.Any(service => service.ServiceType == typeof(IAgent) && !service.IsKeyedService))
            throw new InvalidOperationException("There is an agent without a name already: give this one a name, as in AddAgent<MyAgent>(\"my-agent\").");
        services.Add(agent);
        if (replies)
            services.PostConfigure<AgentCardOptions>(options => options.Replies = true);
        return services;
    }

    private static void AddInMemoryQueues(this IServiceCollection services)
    {
        services.TryAddSingleton<InMemoryTaskQueue>();
        services.TryAddSingleton<ITaskQueue>(provider => provider.GetRequiredService<InMemoryTaskQueue>());
        services.TryAddSingleton<InMemoryNotificationQueue>();
        services.TryAddSingleton<INotificationQueue>(provider => provider.GetRequiredService<InMemoryNotificationQueue>());
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
            throw new ArgumentException($"There is an agent '{name.Value}' already: give each agent a name of its own.", nameof(name));
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
            new AgentCards(Options.Options.Create(cards.Get(name))),
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

    /// <summary>Signers have their signature as a key: those that need Google Cloud come with it.</summary>
    private static void AddSigningAndSecrets(this IServiceCollection services, IConfigurationSection section)
    {
        services.TryAddSingleton(new KeyUse());
        services.TryAddSingleton<SigningKeys>();
        services.TryAddSingleton<Secrets>();
        services.TryAddSingleton<PushConfigSecrets>();
        services.TryAddKeyedSingleton<INotificationSigner, NoSignature>(NotificationSignature.None);
        services.TryAddKeyedSingleton<INotificationSigner, JwtNotificationSigner>(NotificationSignature.Jwt);
        services.TryAddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<NotificationOptions>>().Value;
            var keys = provider.GetRequiredService<IOptions<SecurityOptions>>().Value.SigningKeys;
            return provider.GetRequiredKeyedService<INotificationSigner>(
                options.Signature ?? (keys.Count > 0 ? NotificationSignature.Jwt : NotificationSignature.None));
        });

        var settings = services.AddOptions<NotificationOptions>().Validate<IServiceProviderIsKeyedService>(
            (options, offered) => options.Signature != NotificationSignature.GoogleIdToken ||
                offered.IsKeyedService(typeof(INotificationSigner), NotificationSignature.GoogleIdToken),
            "A2A:Notifications:Signature (A2A__Notifications__Signature) is GoogleIdToken, which there is on Google Cloud only, and tasks are kept elsewhere: " +
            "set A2A:Tasks:Store (A2A__Tasks__Store) to GoogleCloud, or Jwt or None here.");
        settings.Validate<IOptions<SecurityOptions>, KeyUse>(
            (options, security, keys) => !keys.Signs || options.Signature != NotificationSignature.Jwt || security.Value.SigningKeys.Count > 0,
            "A2A:Notifications:Signature (A2A__Notifications__Signature) is Jwt and there are no A2A:Security:SigningKeys (A2A__Security__SigningKeys__0): set a key, or another signature.");
        services.AddOptions<SecurityOptions>().Validate<KeyUse>(
            (options, keys) => !keys.Authenticates || options.ApiKeys.Hashes.Count > 0 || !IdentitySchemes.Has(options, IdentityScheme.ApiKey),
            "A2A:Security:ApiKeys:Hashes:0 (A2A__Security__ApiKeys__Hashes__0) is '': the identity api-key needs a key: set its SHA-256 in hexadecimal digits.");
        foreach (var name in (string[])[nameof(SecurityOptions.SigningKeys), nameof(SecurityOptions.EncryptionKeys), nameof(SecurityOptions.Identity)])
            services.RequireList<SecurityOptions>(section, name);
    }

    private static void AddCrossOrigin(this IServiceCollection services, IConfigurationSection section)
    {
        services.RequireList<BindingOptions>(section, nameof(BindingOptions.AllowedOrigins));
        // A browser sends cookies along by itself, in the name of whoever sits before it.
        services.AddOptions<BindingOptions>().Validate<IOptions<SecurityOptions>>(
            (http, security) => !http.AllowedOrigins.Contains("*") ||
                !security.Value.ApiKeys.Header.Equals("Cookie", StringComparison.OrdinalIgnoreCase),
            "A2A:Http:AllowedOrigins (A2A__Http__AllowedOrigins__0) has '*' and A2A:Security:ApiKeys:Header " +
            "(A2A__Security__ApiKeys__Header) is 'Cookie': list the origins, or let keys come in a header of their own.");
    }

    /// <summary>One text in the place of a list would be passed over without a word, and so would be what it is for.</summary>
    private static void RequireList<TOptions>(this IServiceCollection services, IConfigurationSection section, string name)
        where TOptions : class
    {
        var (setting, variable) = ($"{section.Path}:{name}", $"{section.Path.Replace(":", "__", StringComparison.Ordinal)}__{name}");
        services.AddOptions<TOptions>().Validate(
            _ => string.IsNullOrEmpty(section[name]),
            $"{setting} ({variable}) is one text, and has to be a list: set {setting}:0 ({variable}__0).");
    }

    /// <summary>What is checked when the program starts and at no other time: pieces of the engine serve without an agent.</summary>
    private sealed class Start;

    /// <summary>Tells all faults of the settings at once.</summary>
    private sealed class Validation<TOptions>(Func<TOptions, IEnumerable<string>> validate) : IValidateOptions<TOptions>
        where TOptions : class
    {
        public ValidateOptionsResult Validate(string? name, TOptions options) =>
            validate(options).ToList() is { Count: > 0 } faults ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
    }
}
