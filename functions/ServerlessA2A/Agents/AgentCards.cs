using Microsoft.Extensions.Options;
using ServerlessA2A.Protocol.Cards;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Messages;

namespace ServerlessA2A.Agents;

/// <summary>The agent's cards, built from the configuration (A2A 1.0, section 8). They declare the features that are switched on.</summary>
internal sealed class AgentCards
{
    /// <summary>The id of the skill that an agent without configured skills gets.</summary>
    internal const string DefaultSkillId = "chat";

    private static readonly string[] DefaultInputModes = ["text/plain", "application/json"];
    private static readonly string[] DefaultOutputModes = ["text/plain"];

    private readonly AgentCardOptions _options;
    private readonly IReadOnlyList<IA2AExtension> _code;
    private readonly IReadOnlyList<AgentSkill> _skills;
    private readonly IReadOnlyList<AgentSkill> _furtherSkills;
    private readonly IReadOnlyList<string> _inputModes;
    private readonly IReadOnlyList<string> _outputModes;
    private readonly MediaTypes _readable;
    private readonly MediaTypes _writable;

    /// <summary>Reads the configuration once.</summary>
    /// <param name="options">The agent's settings.</param>
    /// <param name="extensions">The extensions that the program adds as code. Default: none.</param>
    public AgentCards(IOptions<AgentCardOptions> options, IEnumerable<IA2AExtension>? extensions = null)
    {
        _options = options.Value;
        _code = [.. extensions ?? []];
        _inputModes = ModesOr(_options.InputModes, DefaultInputModes);
        _outputModes = ModesOr(_options.OutputModes, DefaultOutputModes);
        _furtherSkills = [.. _options.Extended.Skills.Select(SkillOf)];
        _skills = _options.Skills.Count == 0 ? [DefaultSkill()] : [.. _options.Skills.Select(SkillOf)];
        Skills = new SkillScopes(_options.Skills.Count == 0
            ? [new SkillScopes.Skill(DefaultSkillId, []), .. _options.Extended.Skills.Select(ScopesOf)]
            : [.. _options.Skills.Concat(_options.Extended.Skills).Select(ScopesOf)]);
        // Skills of the extended card count for every caller: the agent reads the same media types from everyone.
        IReadOnlyList<AgentSkill> all = [.. _skills, .. _furtherSkills];
        _readable = new MediaTypes([.. _inputModes, .. all.SelectMany(skill => skill.InputModes ?? [])]);
        _writable = new MediaTypes([.. _outputModes, .. all.SelectMany(skill => skill.OutputModes ?? [])]);
        Extensions = [.. _options.Extensions.Select(DeclarationOf), .. _code.Where(IsNotInSettings).Select(DeclarationOf)];
    }

    /// <summary>The agent's name on its cards.</summary>
    public string Name => _options.Name;

    /// <summary>The configuration section of the agent's settings, for error messages.</summary>
    public string Section => _options.Section;

    /// <summary>The address of the card, to which requests for it are redirected; null if the agent's own address serves it.</summary>
    public string? CardUrl => NullIfEmpty(_options.CardUrl);

    /// <summary>
    /// The configured address of callbacks, or else the one below the program's address, or below the agent's if it has its own; null if
    /// neither is configured. One address serves all agents below the program's: OAuth providers accept only registered addresses.
    /// </summary>
    public string? CallbackUrl => NullIfEmpty(_options.CallbackUrl) ?? (PublicUrl is { } own
        ? $"{(own == _options.InheritedUrl ? _options.ProgramUrl! : own).TrimEnd('/')}/callback"
        : null);

    /// <summary>The agent's configured address; null if there is none.</summary>
    public string? PublicUrl => NullIfEmpty(_options.PublicUrl);

    /// <summary>Whether the agent's address is configured.</summary>
    public bool HasAddress => PublicUrl is not null;

    /// <summary>Whether the agent supports streaming.</summary>
    public bool Streaming => _options.Streaming;

    /// <summary>Whether the agent supports webhooks.</summary>
    public bool PushNotifications => _options.PushNotifications;

    /// <summary>Whether the agent may answer with a message instead of a task.</summary>
    public bool Replies => _options.Replies;

    /// <summary>Whether there is an extended card for authenticated callers.</summary>
    public bool ExtendedCard => _options.ExtendedCard;

    /// <summary>The scopes that callers need for the agent's skills, also those of the extended card.</summary>
    public SkillScopes Skills { get; }

    /// <summary>The protocol extensions that the agent supports.</summary>
    public IReadOnlyList<AgentExtension> Extensions { get; }

    /// <summary>Builds the public card.</summary>
    /// <param name="fallbackAddress">The agent's address if none is configured.</param>
    public AgentCard Public(Uri fallbackAddress)
    {
        var address = string.IsNullOrEmpty(_options.PublicUrl) ? fallbackAddress.AbsoluteUri : _options.PublicUrl;
        return new AgentCard
        {
            Name = _options.Name,
            Description = _options.Description,
            Version = _options.Version,
            SupportedInterfaces =
            [
                Interface(address, "JSONRPC", "1.0"),
                Interface(address, "HTTP+JSON", "1.0"),
                Interface(address, "JSONRPC", "0.3"),
                Interface(address, "HTTP+JSON", "0.3"),
                .. GrpcInterfaces(),
            ],
            Provider = string.IsNullOrEmpty(_options.ProviderOrganization)
                ? null
                : new AgentProvider { Organization = _options.ProviderOrganization, Url = _options.ProviderUrl! },
            DocumentationUrl = NullIfEmpty(_options.DocumentationUrl),
            IconUrl = NullIfEmpty(_options.IconUrl),
            Capabilities = new AgentCapabilities
            {
                Streaming = Streaming,
                PushNotifications = PushNotifications,
                ExtendedAgentCard = ExtendedCard,
                Extensions = Extensions.Count > 0 ? Extensions : null,
            },
            DefaultInputModes = _inputModes,
            DefaultOutputModes = _outputModes,
            Skills = _skills,
        };
    }

    /// <summary>Builds the card for authenticated callers (section 3.1.11): the public card and the settings of the extended one.</summary>
    /// <param name="fallbackAddress">The agent's address if none is configured.</param>
    /// <exception cref="A2AException">
    /// UnsupportedOperation if the public card does not declare an extended one; ExtendedAgentCardNotConfigured if it has no settings.
    /// </exception>
    public AgentCard Extended(Uri fallbackAddress)
    {
        if (!ExtendedCard)
            throw A2AException.UnsupportedOperation("This agent has no extended card.");
        var further = _options.Extended;
        if (further.IsEmpty)
            throw A2AException.ExtendedAgentCardNotConfigured();
        var card = Public(fallbackAddress);
        return card with
        {
            Description = NullIfEmpty(further.Description) ?? card.Description,
            DocumentationUrl = NullIfEmpty(further.DocumentationUrl) ?? card.DocumentationUrl,
            Skills = [.. _skills, .. _furtherSkills],
        };
    }

    /// <summary>The code of active extensions: not all of them have some.</summary>
    public IReadOnlyList<IA2AExtension> CodeOf(IReadOnlyList<ActiveExtension> active) =>
        active.Count == 0 ? [] : [.. _code.Where(extension => active.Any(each => each.Uri == extension.Uri))];

    /// <summary>The media types that the client accepts; null for any.</summary>
    internal static IReadOnlyList<string>? AcceptedBy(SendMessageRequest request) =>
        request.Configuration?.AcceptedOutputModes is { } accepted ? MediaTypes.Read(accepted) : null;

    /// <summary>Rejects media types that the agent cannot read, and requests that accept none of the types that it writes.</summary>
    /// <exception cref="A2AException">ContentTypeNotSupported (section 3.3.2).</exception>
    public void CheckMediaTypes(SendMessageRequest request)
    {
        for (var i = 0; i < request.Message.Parts.Count; i++)
        {
            if (MediaTypeOf(request.Message.Parts[i]) is { } type && !_readable.Contains(type))
            {
                throw A2AException.ContentTypeNotSupported(
                    $"message.parts[{i}] has the media type '{type}'; the agent reads {string.Join(", ", _readable)}.");
            }
        }

        if (request.Configuration?.AcceptedOutputModes is { Count: > 0 } accepted && !_writable.Overlaps(accepted))
        {
            throw A2AException.ContentTypeNotSupported(
                $"configuration.acceptedOutputModes must contain a media type that the agent writes: {string.Join(", ", _writable)}.");
        }
    }

    /// <summary>A text part is plain text whatever its media type; a file without a media type has an unknown type.</summary>
    private static string? MediaTypeOf(Part part) =>
        part.Text is not null ? "text/plain" : part.Data is not null ? "application/json" : NullIfEmpty(part.MediaType);

    private static AgentInterface Interface(string address, string binding, string version) =>
        new() { Url = address, ProtocolBinding = binding, ProtocolVersion = version };

    /// <summary>A message of 0.3 has no tenant, so that it reaches only the default agent.</summary>
    private IEnumerable<AgentInterface> GrpcInterfaces()
    {
        if (string.IsNullOrEmpty(_options.GrpcUrl))
            yield break;
        yield return Interface(_options.GrpcUrl, "GRPC", "1.0") with { Tenant = _options.GrpcTenant };
        if (_options.GrpcTenant is null)
            yield return Interface(_options.GrpcUrl, "GRPC", "0.3");
    }

    private static AgentExtension DeclarationOf(ExtensionOptions extension) => new()
    {
        Uri = extension.Uri,
        Description = extension.Description,
        Required = extension.Required,
        Params = extension.ReadParams(),
    };

    private static AgentExtension DeclarationOf(IA2AExtension extension) => new()
    {
        Uri = extension.Uri,
        Description = extension.Description,
        Required = extension.Required,
        Params = extension.Params?.Clone(),
    };

    private bool IsNotInSettings(IA2AExtension extension) => _options.Extensions.All(declared => declared.Uri != extension.Uri);

    private AgentSkill DefaultSkill() =>
        new() { Id = DefaultSkillId, Name = _options.Name, Description = _options.Description, Tags = ["chat"] };

    private static SkillScopes.Skill ScopesOf(SkillOptions skill) => new(skill.Id, [.. skill.RequiredScopes]);

    private static AgentSkill SkillOf(SkillOptions skill) => new()
    {
        Id = skill.Id,
        Name = skill.Name,
        Description = skill.Description,
        Tags = [.. skill.Tags],
        Examples = OrNull(skill.Examples),
        InputModes = ModesOf(skill.InputModes),
        OutputModes = ModesOf(skill.OutputModes),
    };

    private static IReadOnlyList<string> ModesOr(IList<string> modes, string[] fallback) => ModesOf(modes) ?? fallback;

    private static IReadOnlyList<string>? ModesOf(IList<string> modes) => OrNull(modes) is { } some ? MediaTypes.Read(some) : null;

    private static IReadOnlyList<string>? OrNull(IList<string> values) => values.Count == 0 ? null : [.. values];

    private static string? NullIfEmpty(string? value) => string.IsNullOrEmpty(value) ? null : value;
}
