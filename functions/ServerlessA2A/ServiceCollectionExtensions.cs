using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using ServerlessA2A.Agents;
using ServerlessA2A.Bindings;
using ServerlessA2A.Notifications;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.InMemory;

namespace ServerlessA2A;

/// <summary>The engine in a service collection. What is registered before wins: a store, a queue, an agent, a clock of one's own.</summary>
public static class ServiceCollectionExtensions
{
    /// <summary>Adds the engine, configured by the section <c>A2A</c>. A store, a queue and an agent are added by others.</summary>
    public static IServiceCollection AddServerlessA2A(this IServiceCollection services, IConfiguration configuration)
    {
        var section = configuration.GetSection("A2A");
        services.AddSettings<AgentCardOptions>(options => options.Validate()).Bind(section.GetSection("Agent"));
        services.AddSettings<TaskOptions>(options => options.Validate()).Bind(section.GetSection("Tasks"));
        services.AddSettings<BindingOptions>(options => options.Validate()).Bind(section.GetSection("Http"));

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IdSource>(new RandomIds().Next);
        services.TryAddSingleton<AgentCards>();
        services.TryAddSingleton<PushConfigurations>();
        services.TryAddSingleton<IPushConfigAcceptance>(provider => provider.GetRequiredService<PushConfigurations>());
        services.TryAddSingleton<TaskLifecycle>();
        services.TryAddSingleton<TaskRunner>();
        services.TryAddSingleton<TaskSweeper>();
        services.TryAddSingleton<AgentCardEndpoint>();
        services.TryAddSingleton<A2AEndpoint>();
        return services;
    }

    /// <summary>Adds the store and the queue that live in this process: for local runs and tests.</summary>
    public static IServiceCollection AddInMemoryTasks(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<InMemoryOptions>(options => options.Validate()).Bind(configuration.GetSection("A2A:InMemory"));
        services.TryAddSingleton<InMemoryTaskQueue>();
        services.TryAddSingleton<ITaskQueue>(provider => provider.GetRequiredService<InMemoryTaskQueue>());
        services.TryAddSingleton<InMemoryTaskStore>();
        services.TryAddSingleton<ITaskStore>(provider => provider.GetRequiredService<InMemoryTaskStore>());
        return services;
    }

    /// <summary>Adds the agent that answers. The first one that is added counts.</summary>
    public static IServiceCollection AddAgent<TAgent>(this IServiceCollection services)
        where TAgent : class, IAgent
    {
        services.TryAddSingleton<IAgent, TAgent>();
        return services;
    }

    /// <summary>Adds settings. Bad ones end the process when it starts, before it has listened to anybody.</summary>
    /// <param name="services">The services.</param>
    /// <param name="validate">What is wrong with the settings: all of it, each message naming the setting, the value found and what to do.</param>
    /// <returns>To bind the settings with.</returns>
    public static OptionsBuilder<TOptions> AddSettings<TOptions>(this IServiceCollection services, Func<TOptions, IEnumerable<string>> validate)
        where TOptions : class
    {
        services.AddSingleton<IValidateOptions<TOptions>>(new Validation<TOptions>(validate));
        return services.AddOptions<TOptions>().ValidateOnStart();
    }

    /// <summary>Tells all faults of the settings at once.</summary>
    private sealed class Validation<TOptions>(Func<TOptions, IEnumerable<string>> validate) : IValidateOptions<TOptions>
        where TOptions : class
    {
        public ValidateOptionsResult Validate(string? name, TOptions options) =>
            validate(options).ToList() is { Count: > 0 } faults ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
    }
}
