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
        services.Configure<AgentCardOptions>(section.GetSection("Agent"));
        services.Configure<TaskOptions>(section.GetSection("Tasks"));
        services.Configure<BindingOptions>(section.GetSection("Http"));
        services.AddValidation<AgentCardOptions>(options => options.Validate());
        services.AddValidation<TaskOptions>(options => options.Validate());
        services.AddValidation<BindingOptions>(options => options.Validate());

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IdSource>(() => Guid.NewGuid().ToString());
        services.TryAddSingleton<AgentCards>();
        services.TryAddSingleton<PushConfigurations>();
        services.TryAddSingleton<IPushConfigAcceptance>(provider => provider.GetRequiredService<PushConfigurations>());
        services.TryAddSingleton<TaskLifecycle>();
        services.TryAddSingleton<TaskRunner>();
        services.TryAddSingleton<AgentCardEndpoint>();
        services.TryAddSingleton<A2AEndpoint>();
        return services;
    }

    /// <summary>Adds the store and the queue that live in this process: for local runs and tests.</summary>
    public static IServiceCollection AddInMemoryTasks(this IServiceCollection services, IConfiguration configuration)
    {
        services.Configure<InMemoryOptions>(configuration.GetSection("A2A:InMemory"));
        services.AddValidation<InMemoryOptions>(options => options.Validate());
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

    private static void AddValidation<TOptions>(this IServiceCollection services, Func<TOptions, IEnumerable<string>> validate)
        where TOptions : class =>
        services.AddSingleton<IValidateOptions<TOptions>>(new Validation<TOptions>(validate));

    /// <summary>Tells all faults of the settings at once.</summary>
    private sealed class Validation<TOptions>(Func<TOptions, IEnumerable<string>> validate) : IValidateOptions<TOptions>
        where TOptions : class
    {
        public ValidateOptionsResult Validate(string? name, TOptions options) =>
            validate(options).ToList() is { Count: > 0 } faults ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
    }
}
