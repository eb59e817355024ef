using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ServerlessA2A.Agents;
using ServerlessA2A.Chat;
using ServerlessA2A.Chat.Contents;
using ServerlessA2A.Chat.Mcp;
using ServerlessA2A.Chat.Models;
using ServerlessA2A.Chat.Tools;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds agents over chat clients, and their tools.</summary>
public static partial class ChatServiceCollectionExtensions
{
    private static readonly string[] InputModes =
        [.. new[] { "text/plain", "application/json", "application/xml", "text/*" }.Union(TextFiles.Types)];
    private static readonly string[] OutputModes = ["text/plain", "application/json"];

    /// <summary>
    /// Adds an agent over a chat client as the unnamed agent, which is served at <c>/</c>. It streams the model's answers, calls the tools
    /// of <see cref="AddAgentTool(IServiceCollection, Delegate, string, string)"/>, asks the client, remembers earlier tasks, and continues
    /// after a crash without repeating a finished tool call. Configured by the section <c>A2A:Chat</c> (<see cref="ChatAgentOptions"/>).
    /// </summary>
    /// <remarks>
    /// The card declares files of text and JSON, unless <c>A2A:Agent:InputModes</c> and <c>OutputModes</c> are set: add <c>image/*</c> for
    /// a model that reads images. The client gets tools as declarations, so that a client with its own function invocation leaves calls to
    /// the agent.
    /// </remarks>
    /// <param name="services">The services.</param>
    /// <param name="createClient">Creates the chat client, on the agent's first run.</param>
    public static IServiceCollection AddChatAgent(this IServiceCollection services, Func<IServiceProvider, IChatClient> createClient)
    {
        ArgumentNullException.ThrowIfNull(createClient);
        return services.AddAgent(provider => Create(provider, Options.Options.DefaultName, createClient))
            .AddChatSettings(Options.Options.DefaultName);
    }

    /// <summary>
    /// Adds an agent over a chat client with a name, which is served at <c>/{name}</c>. Configured by <c>A2A:Chat</c> and
    /// <c>A2A:Agents:{name}:Chat</c>, which takes precedence.
    /// </summary>
    /// <inheritdoc cref="AddChatAgent(IServiceCollection, Func{IServiceProvider, IChatClient})"/>
    /// <param name="services">The services.</param>
    /// <param name="name">At most 40 lower-case letters, digits and dashes.</param>
    /// <param name="createClient">Creates the chat client, on the agent's first run.</param>
    /// <exception cref="ArgumentException">The name is invalid or taken.</exception>
    public static IServiceCollection AddChatAgent(
        this IServiceCollection services, string name, Func<IServiceProvider, IChatClient> createClient)
    {
        ArgumentNullException.ThrowIfNull(createClient);
        return services.AddAgent(name, provider => Create(provider, name, createClient)).AddChatSettings(name);
    }

    /// <summary>Checks at startup that the model can tell the tools apart.</summary>
    internal static void RequireDistinctTools<TOptions>(this OptionsBuilder<TOptions> options)
        where TOptions : ChatAgentOptions => options.Validate<IEnumerable<AIFunction>>(
            (_, tools) => tools.Select(tool => tool.Name).Append(AskUserTool.Name).Distinct().Count() == tools.Count() + 1,
            $"Two tools have the same name, or one has the name {AskUserTool.Name}, which is built in: " +
            "give each tool a unique name (AddAgentTool).");

    /// <summary>Declares media types on a card that declares none.</summary>
    internal static void DeclareModes(this AgentCardOptions card, IEnumerable<string> input, IEnumerable<string> output)
    {
        Declare(card.InputModes, input);
        Declare(card.OutputModes, output);
    }

    /// <summary>Creates the agent over a model with the services of the program.</summary>
    internal static ChatAgent CreateChatAgent(this IServiceProvider provider, ChatModel model, ChatAgentOptions options) => new(
        model,
        provider.GetServices<AIFunction>(),
        provider.GetRequiredService<McpTools>(),
        options,
        provider,
        provider.GetRequiredService<TimeProvider>(),
        provider.GetRequiredService<ILogger<ChatAgent>>());

    private static ChatAgent Create(IServiceProvider provider, string name, Func<IServiceProvider, IChatClient> createClient) =>
        provider.CreateChatAgent(
            new ChatModel(createClient(provider)), provider.GetRequiredService<IOptionsMonitor<ChatAgentOptions>>().Get(name));

    private static IServiceCollection AddChatSettings(this IServiceCollection services, string name)
    {
        if (!services.Any(service => service.ImplementationType == typeof(ChatSettings)))
        {
            services.AddSettings<ChatAgentOptions>(options => options.Validate().Except(options.InheritedFaults)).RequireDistinctTools();
            services.AddSingleton<IConfigureOptions<ChatAgentOptions>, ChatSettings>();
            services.AddSingleton<IValidateOptions<ChatAgentOptions>, ChatSettings>();
            services.TryAddSingleton(TimeProvider.System);
            services.AddMcpSettings();
        }

        services.AddOptions<ChatAgentOptions>(name).ValidateOnStart();
        services.PostConfigure<AgentCardOptions>(name, card => card.DeclareModes(InputModes, OutputModes));
        return services;
    }

    private static void Declare(IList<string> modes, IEnumerable<string> more)
    {
        if (modes.Count > 0)
            return;
        foreach (var mode in more)
            modes.Add(mode);
    }
}
