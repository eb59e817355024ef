using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using ServerlessA2A.Settings;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.Chat;

/// <summary>
/// The settings of chat agents: <c>A2A:Chat</c> holds for all of them, <c>A2A:Agents:{name}:Chat</c> overrides it for an agent with a name.
/// </summary>
/// <param name="configuration">The program's configuration.</param>
/// <param name="tasks">How tasks are run.</param>
internal sealed class ChatSettings(IConfiguration configuration, IOptions<TaskOptions> tasks)
    : IConfigureNamedOptions<ChatAgentOptions>, IValidateOptions<ChatAgentOptions>
{
    private readonly IConfigurationSection _shared = configuration.GetSection("A2A:Chat");

    /// <inheritdoc/>
    public void Configure(ChatAgentOptions options) => Configure(Options.DefaultName, options);

    /// <inheritdoc/>
    public void Configure(string? name, ChatAgentOptions options)
    {
        _shared.Bind(options);
        options.FitTools(tasks.Value);
        if (string.IsNullOrEmpty(name))
            return;
        var own = configuration.GetSection($"A2A:Agents:{name}:Chat");
        options.Section = own.Path;
        var inherited = new ChatAgentOptions { Section = own.Path };
        _shared.Bind(inherited);
        inherited.FitTools(tasks.Value);
        options.InheritedFaults = [.. inherited.Validate()];
        Replace(options.StopSequences, own.GetSection(nameof(options.StopSequences)));
        Replace(options.DisabledTools, own.GetSection(nameof(options.DisabledTools)));
        own.Bind(options);
    }

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, ChatAgentOptions options)
    {
        var section = string.IsNullOrEmpty(name) ? _shared : configuration.GetSection($"A2A:Agents:{name}:Chat");
        return SettingFault.ResultOf(IgnoredSettings.Faults(section, typeof(ChatAgentOptions)));
    }

    /// <summary>An agent's own list replaces the shared one, to which binding would append it.</summary>
    private static void Replace(IList<string> list, IConfigurationSection own)
    {
        if (own.GetChildren().Any())
            list.Clear();
    }
}
