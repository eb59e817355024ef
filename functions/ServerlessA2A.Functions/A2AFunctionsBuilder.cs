using System.Reflection;
using Google.Cloud.Functions.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ServerlessA2A.Agents;
using ServerlessA2A.Functions.Local;

namespace ServerlessA2A.Functions;

/// <summary>Builds the program: register agents and their services, then call <see cref="Build"/>.</summary>
/// <remarks>
/// The startup classes that the program's assembly names with <see cref="FunctionsStartupAttribute"/> run too, after the registrations made
/// here and before the engine's own. The first registration of a service wins.
/// </remarks>
public sealed class A2AFunctionsBuilder
{
    private readonly string[] _args;

    internal A2AFunctionsBuilder(string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        _args = args;
        // Watching a large current directory for changed settings costs 200 ms at start; the program's own settings are beside it.
        SetUnlessSet("DOTNET_hostBuilder__reloadConfigOnChange", "false");
        HasTarget = FunctionHost.HasTarget(args);
        if (HasTarget)
            FunctionHost.IgnoreUrls();
        Local = LocalArguments.Read(args, out var others);
        Web = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = others, ContentRootPath = AppContext.BaseDirectory });
        // Its lines for each request contain the query, and so the state and the code of a callback.
        Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);
        if (HasTarget)
            FunctionHost.Prepare(this, args);
    }

    /// <summary>The services of every function.</summary>
    public IServiceCollection Services => Web.Services;

    /// <summary>The settings: <c>appsettings.json</c>, the environment, the arguments, and the sources added here.</summary>
    public ConfigurationManager Configuration => Web.Configuration;

    /// <summary>The logging providers. On Cloud Run logs are written as JSON for Cloud Logging.</summary>
    public ILoggingBuilder Logging => Web.Logging;

    /// <summary>The environment: its name and the folder of the program.</summary>
    public IHostEnvironment Environment => Web.Environment;

    internal WebApplicationBuilder Web { get; }

    internal LocalArguments Local { get; }

    internal bool HasTarget { get; }

    internal WebHostBuilderContext Context => new() { Configuration = Web.Configuration, HostingEnvironment = Web.Environment };

    /// <summary>Adds the unnamed agent, which is served at <c>/</c>. There can be only one.</summary>
    /// <param name="replies">
    /// Whether the agent may answer with a message instead of a task (<see cref="ReplyUpdate"/>). Default: the setting
    /// <c>A2A:Agent:Replies</c>.
    /// </param>
    public A2AFunctionsBuilder AddAgent<TAgent>(bool replies = false)
        where TAgent : class, IAgent
    {
        Services.AddAgent<TAgent>(replies);
        return this;
    }

    /// <inheritdoc cref="AddAgent{TAgent}(bool)"/>
    public A2AFunctionsBuilder AddAgent(IAgent agent, bool replies = false)
    {
        Services.AddAgent(agent, replies);
        return this;
    }

    /// <inheritdoc cref="AddAgent{TAgent}(bool)"/>
    public A2AFunctionsBuilder AddAgent(Func<IServiceProvider, IAgent> create, bool replies = false)
    {
        Services.AddAgent(create, replies);
        return this;
    }

    /// <inheritdoc cref="A2AServiceCollectionExtensions.AddAgent{TAgent}(IServiceCollection, string, bool)"/>
    public A2AFunctionsBuilder AddAgent<TAgent>(string name, bool replies = false)
        where TAgent : class, IAgent
    {
        Services.AddAgent<TAgent>(name, replies);
        return this;
    }

    /// <inheritdoc cref="A2AServiceCollectionExtensions.AddAgent{TAgent}(IServiceCollection, string, bool)"/>
    public A2AFunctionsBuilder AddAgent(string name, IAgent agent, bool replies = false)
    {
        Services.AddAgent(name, agent, replies);
        return this;
    }

    /// <inheritdoc cref="A2AServiceCollectionExtensions.AddAgent{TAgent}(IServiceCollection, string, bool)"/>
    public A2AFunctionsBuilder AddAgent(string name, Func<IServiceProvider, IAgent> create, bool replies = false)
    {
        Services.AddAgent(name, create, replies);
        return this;
    }

    /// <inheritdoc cref="ChatServiceCollectionExtensions.AddChatAgent(IServiceCollection, Func{IServiceProvider, IChatClient})"/>
    public A2AFunctionsBuilder AddChatAgent(Func<IServiceProvider, IChatClient> createClient)
    {
        Services.AddChatAgent(createClient);
        return this;
    }

    /// <inheritdoc cref="ChatServiceCollectionExtensions.AddChatAgent(IServiceCollection, string, Func{IServiceProvider, IChatClient})"/>
    public A2AFunctionsBuilder AddChatAgent(string name, Func<IServiceProvider, IChatClient> createClient)
    {
        Services.AddChatAgent(name, createClient);
        return this;
    }

    /// <inheritdoc cref="GoogleCloudServiceCollectionExtensions.AddGemini(IServiceCollection, string, IConfiguration)"/>
    /// <remarks>Without a name, Gemini is the agent if the setting <c>A2A:Gemini:Model</c> is set and there is no other agent.</remarks>
    public A2AFunctionsBuilder AddGemini(string name)
    {
        Services.AddGemini(name, Configuration);
        return this;
    }

    /// <summary>Builds the program. Faults of the configuration are reported when it runs.</summary>
    public A2AFunctionsApplication Build() => new(this, _args);

    /// <summary>Adds the startup classes of the program's own assembly, then the engine.</summary>
    internal void AddStartups()
    {
        var own = typeof(Startup).Assembly;
        if (Assembly.GetEntryAssembly() is { } program && program != own)
        {
            foreach (var type in FunctionsStartupAttribute.GetStartupTypes(program, null!))
                Web.WebHost.UseFunctionsStartup((FunctionsStartup)Activator.CreateInstance(type)!);
        }

        Web.WebHost.UseFunctionsStartup(new Startup());
        Startup.RejectWorker(Services);
    }

    private static void SetUnlessSet(string name, string value)
    {
        if (System.Environment.GetEnvironmentVariable(name) is null)
            System.Environment.SetEnvironmentVariable(name, value);
    }
}
