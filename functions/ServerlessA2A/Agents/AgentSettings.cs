using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ServerlessA2A.Settings;

namespace ServerlessA2A.Agents;

/// <summary>
/// The settings of named agents: each reads <c>A2A:Agents:{name}</c>. If every agent has a name, the first one is the default and also
/// reads <c>A2A:Agent</c>, except for lists that its own section has.
/// </summary>
/// <param name="settings">The section <c>A2A</c>.</param>
/// <param name="names">The names, in the order in which the agents were added.</param>
/// <param name="registered">Checks whether there is an unnamed agent.</param>
internal sealed class AgentSettings(IConfiguration settings, IEnumerable<AgentName> names, IServiceProviderIsService registered)
    : IConfigureNamedOptions<AgentCardOptions>, IValidateOptions<AgentCardOptions>
{
    private const string WellKnown = "/.well-known/";

    private readonly IConfigurationSection _default = settings.GetSection("Agent");
    private readonly IConfigurationSection _named = settings.GetSection("Agents");

    /// <summary>The names of all agents, the default one first; empty for the unnamed agent.</summary>
    public IReadOnlyList<string> Names { get; } = registered.IsService(typeof(IAgent)) || !names.Any()
        ? ["", .. names.Select(name => name.Value)]
        : [.. names.Select(name => name.Value)];

    /// <summary>Whether there is any agent.</summary>
    public bool HasAgents => registered.IsService(typeof(IAgent)) || names.Any();

    /// <inheritdoc/>
    public void Configure(AgentCardOptions options) => Configure(Options.DefaultName, options);

    /// <inheritdoc/>
    public void Configure(string? name, AgentCardOptions options)
    {
        if (string.IsNullOrEmpty(name))
            return;
        var own = _named.GetSection(name);
        options.Section = $"A2A:Agents:{name}";
        options.GrpcTenant = name == Names[0] ? null : name;
        if (name == Names[0])
        {
            var inherited = new AgentCardOptions { Section = options.Section };
            _default.Bind(inherited);
            options.InheritedFaults = [.. inherited.Validate()];
        }

        (options.ProgramUrl, options.InheritedUrl) =
            (Valid(nameof(options.PublicUrl)), Below(nameof(options.PublicUrl), name));
        // What code has set stays.
        if (options.Name == new AgentCardOptions().Name)
            options.Name = name;
        // Under the agent's own paths, which the messages about wrong values name.
        var all = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (member, value) in Inherited(name).Concat(own.AsEnumerable(makePathsRelative: true)))
        {
            if (value is not null)
                all[$"{own.Path}:{member}"] = value;
        }

        new ConfigurationBuilder().AddInMemoryCollection(all).Build().GetSection(own.Path).Bind(options);
    }

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, AgentCardOptions options)
    {
        if (!string.IsNullOrEmpty(name))
            return ValidateOptionsResult.Skip;
        var known = names.Select(each => each.Value).ToList();
        var faults = _named.GetChildren().Where(section => !known.Contains(section.Key, StringComparer.OrdinalIgnoreCase)).Select(section =>
            $"{SettingFault.Name(section.Path)} is set, but the program has no agent '{section.Key}': " +
            (known.Count > 0
                ? $"its agents are {string.Join(", ", known)}."
                : "none of its agents has a name. Add the agent with AddAgent(\"name\", ...), or remove the section."))
            .Concat(known.SelectMany(agent => IgnoredSettings.Faults(_named.GetSection(agent), typeof(AgentCardOptions))));
        return SettingFault.ResultOf(faults);
    }

    /// <summary>
    /// An agent's share of <c>A2A:Agent</c>: everything for the default agent; addresses, callbacks and webhooks for the others.
    /// </summary>
    private IEnumerable<KeyValuePair<string, string?>> Inherited(string name)
    {
        var members = name == Names[0]
            ? _default.AsEnumerable(makePathsRelative: true)
            :
            [
                new(nameof(AgentCardOptions.PushNotifications), _default[nameof(AgentCardOptions.PushNotifications)]),
                new(nameof(AgentCardOptions.CallbackUrl), _default[nameof(AgentCardOptions.CallbackUrl)]),
                // gRPC has no paths.
                new(nameof(AgentCardOptions.GrpcUrl), _default[nameof(AgentCardOptions.GrpcUrl)]),
            ];
        return members.Where(member => member.Key.Length > 0 && !IsOfReplacedList(_named.GetSection(name), member.Key)).Concat(
        [
            new(nameof(AgentCardOptions.PublicUrl), Below(nameof(AgentCardOptions.PublicUrl), name)),
            new(nameof(AgentCardOptions.CardUrl), Below(nameof(AgentCardOptions.CardUrl), name)),
        ]);
    }

    /// <summary>
    /// Whether a member belongs to a list that the agent's own section has too. The two lists must not be merged by index.
    /// </summary>
    private static bool IsOfReplacedList(IConfigurationSection own, string member)
    {
        var pieces = member.Split(':');
        var index = Array.FindIndex(pieces, piece => piece.All(char.IsAsciiDigit));
        return index > 0 && own.GetSection(string.Join(':', pieces[..index])).GetChildren().Any();
    }

    /// <summary>
    /// An agent's address below the program's, inserted before the path of the card and before a query.
    /// </summary>
    private string? Below(string member, string name)
    {
        if (Valid(member) is not { } address)
            return null;
        var end = address.IndexOf(WellKnown, StringComparison.Ordinal) is >= 0 and var card ? card
            : address.IndexOf('?', StringComparison.Ordinal) is >= 0 and var query ? query
            : address.Length;
        return $"{address[..end].TrimEnd('/')}/{name}{address[end..]}";
    }

    /// <summary>An address of the program. Null if there is none or it is invalid, which the default options report.</summary>
    private string? Valid(string member) =>
        _default[member] is { Length: > 0 } address && new AgentCardOptions().FaultOfAddress(member, address) is null ? address : null;
}
