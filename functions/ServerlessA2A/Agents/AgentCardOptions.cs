using System.Text.Json;
using ServerlessA2A.Protocol;
using ServerlessA2A.Settings;

namespace ServerlessA2A.Agents;

/// <summary>
/// The agent's card: the section <c>A2A:Agent</c> for the default agent, <c>A2A:Agents:{name}</c> for one with a name.
/// </summary>
public sealed class AgentCardOptions
{
    /// <summary>The agent's name. Default: ServerlessA2A.</summary>
    public string Name { get; set; } = "ServerlessA2A";

    /// <summary>The agent's purpose.</summary>
    public string Description { get; set; } = "An A2A agent on Cloud Run functions.";

    /// <summary>The agent's own version. Default: 1.0.0.</summary>
    public string Version { get; set; } = "1.0.0";

    /// <summary>The public address of MessageFunction, without a query. Default: the address of each request.</summary>
    public string? PublicUrl { get; set; }

    /// <summary>
    /// The address of the card, to which MessageFunction redirects clients, except web pages. Default: MessageFunction serves the card
    /// itself.
    /// </summary>
    public string? CardUrl { get; set; }

    /// <summary>
    /// The address of CallbackFunction, to which browsers return from an authorization, without a query
    /// (<see cref="AgentContext.CreateCallback"/>). Register it with OAuth providers as a redirect URI. Default: <c>callback</c> below
    /// <see cref="PublicUrl"/>.
    /// </summary>
    public string? CallbackUrl { get; set; }

    /// <summary>
    /// The address of the gRPC binding, <c>HOST:PORT</c>, such as <c>agent.example.com:443</c>. Cards list it, and MessageFunction serves
    /// gRPC on its only port, for a service that Cloud Run calls over HTTP/2. Default: no gRPC.
    /// </summary>
    public string? GrpcUrl { get; set; }

    /// <summary>The address of the agent's documentation.</summary>
    public string? DocumentationUrl { get; set; }

    /// <summary>The address of the agent's icon.</summary>
    public string? IconUrl { get; set; }

    /// <summary>The organization that offers the agent. Set it together with <see cref="ProviderUrl"/>.</summary>
    public string? ProviderOrganization { get; set; }

    /// <summary>The address of the organization's site.</summary>
    public string? ProviderUrl { get; set; }

    /// <summary>Whether the agent offers streams. Default: true.</summary>
    public bool Streaming { get; set; } = true;

    /// <summary>Whether the agent offers webhooks. Default: false.</summary>
    public bool PushNotifications { get; set; }

    /// <summary>
    /// Whether the agent may answer with a message instead of a task (<see cref="ReplyUpdate"/>). Streams then start with the first event
    /// after the bare WORKING status. Default: false; <c>AddAgent&lt;TAgent&gt;(replies: true)</c> sets it.
    /// </summary>
    public bool Replies { get; set; }

    /// <summary>Whether authenticated callers get an extended card, which adds <see cref="Extended"/>. Default: false.</summary>
    public bool ExtendedCard { get; set; }

    /// <summary>What the extended card adds for authenticated callers.</summary>
    public ExtendedCardOptions Extended { get; } = new();

    /// <summary>
    /// The media types that the agent reads; <c>image/*</c>, <c>*/*</c>, and the older <c>text</c>, <c>json</c>, <c>image</c>,
    /// <c>audio</c>,
    /// <c>video</c> and <c>file</c> are accepted too. Default: text/plain and application/json.
    /// </summary>
    public IList<string> InputModes { get; } = [];

    /// <summary>The media types that the agent writes, spelled as in <see cref="InputModes"/>. Default: text/plain.</summary>
    public IList<string> OutputModes { get; } = [];

    /// <summary>The agent's skills. Default: one skill with the agent's name and description.</summary>
    public IList<SkillOptions> Skills { get; } = [];

    /// <summary>The protocol extensions that the agent supports.</summary>
    public IList<ExtensionOptions> Extensions { get; } = [];

    /// <summary>The section of the configuration that the settings come from.</summary>
    internal string Section { get; set; } = "A2A:Agent";

    /// <summary>The tenant that names the agent in gRPC, which has no paths; null for the default agent.</summary>
    internal string? GrpcTenant { get; set; }

    /// <summary>The address of the program that <see cref="InheritedUrl"/> is below; null if there is none.</summary>
    internal string? ProgramUrl { get; set; }

    /// <summary>The agent's address unless it has one of its own; null if the program has none.</summary>
    internal string? InheritedUrl { get; set; }

    /// <summary>The faults of settings that another section has set and reports.</summary>
    internal IReadOnlyList<string> InheritedFaults { get; set; } = [];

    /// <summary>Returns the faults of the settings; each names the setting, the value found and the remedy.</summary>
    public IEnumerable<string> Validate()
    {
        if (string.IsNullOrWhiteSpace(Name))
            yield return SettingFault.Of($"{Section}:Name", Name, "give the agent a name.");
        foreach (var (name, value) in new[]
        {
            (nameof(PublicUrl), PublicUrl), (nameof(CardUrl), CardUrl), (nameof(CallbackUrl), CallbackUrl),
        })
        {
            if (FaultOfAddress(name, value) is { } fault)
                yield return fault;
        }

        if (!string.IsNullOrEmpty(GrpcUrl) && !IsHostAndPort(GrpcUrl))
        {
            yield return SettingFault.Of(
                $"{Section}:GrpcUrl", GrpcUrl, "set HOST:PORT, as gRPC clients expect it, such as agent.example.com:443, or nothing.");
        }

        if (string.IsNullOrEmpty(ProviderOrganization) != string.IsNullOrEmpty(ProviderUrl))
        {
            yield return $"{SettingFault.Name($"{Section}:ProviderOrganization")} is '{ProviderOrganization}' and " +
                SettingFault.Of($"{Section}:ProviderUrl", ProviderUrl, "set both or none.");
        }

        foreach (var fault in FaultsOf("InputModes", InputModes).Concat(FaultsOf("OutputModes", OutputModes)))
            yield return fault;
        foreach (var fault in FaultsOf("Skills", Skills).Concat(FaultsOf("Extended:Skills", Extended.Skills)))
            yield return fault;
        if (!ExtendedCard && !Extended.IsEmpty)
        {
            yield return $"{SettingFault.Name($"{Section}:ExtendedCard")} is {ExtendedCard} and " +
                $"{SettingFault.Name($"{Section}:Extended")} is set, " +
                "which nobody would see: set ExtendedCard to true, or remove the section.";
        }

        var publicIds = Skills.Select(skill => skill.Id).DefaultIfEmpty(AgentCards.DefaultSkillId).ToHashSet();
        for (var i = 0; i < Extended.Skills.Count; i++)
        {
            if (publicIds.Contains(Extended.Skills[i].Id))
            {
                yield return SettingFault.Of(
                    $"{Section}:Extended:Skills:{i}:Id",
                    Extended.Skills[i].Id,
                    "a public skill has this id. Set another one; the extended card lists public skills anyway.");
            }
        }

        for (var i = 0; i < Extensions.Count; i++)
        {
            if (!Uri.TryCreate(Extensions[i].Uri, UriKind.Absolute, out _))
                yield return SettingFault.Of($"{Section}:Extensions:{i}:Uri", Extensions[i].Uri, "set an absolute URI.");
            if (!string.IsNullOrWhiteSpace(Extensions[i].Params) && Extensions[i].ReadParams() is null)
            {
                yield return SettingFault.Of(
                    $"{Section}:Extensions:{i}:Params", Extensions[i].Params, "set a JSON object such as {\"key\": \"value\"}.");
            }
        }
    }

    /// <summary>Clients append paths to the agent's address, and a query to the card's.</summary>
    internal string? FaultOfAddress(string name, string? value)
    {
        if (string.IsNullOrEmpty(value))
            return null;
        var setting = $"{Section}:{name}";
        if (!Uri.TryCreate(value, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || value.Any(char.IsWhiteSpace))
            return SettingFault.Of(setting, value, "set an absolute http or https address, or nothing.");
        if (uri.UserInfo.Length > 0)
            return $"{SettingFault.Name(setting)} contains a user name or a password, and the card is public: set an address without them.";
        return value.Contains('#') || (name is nameof(PublicUrl) or nameof(CallbackUrl) && value.Contains('?'))
            ? SettingFault.Of(setting, value, "set an address without a query and a fragment, since clients append to it.")
            : null;
    }

    private static bool IsHostAndPort(string value) =>
        Uri.TryCreate($"http://{value}", UriKind.Absolute, out var uri) &&
        string.Equals($"{uri.Host}:{uri.Port}", value, StringComparison.OrdinalIgnoreCase);

    private IEnumerable<string> FaultsOf(string name, IList<string> modes)
    {
        for (var i = 0; i < modes.Count; i++)
        {
            if (!MediaTypes.IsValid(modes[i]))
            {
                yield return SettingFault.Of(
                    $"{Section}:{name}:{i}",
                    modes[i],
                    "set a media type such as text/plain or image/*, or one of text, json, image, audio, video and file.");
            }
        }
    }

    private IEnumerable<string> FaultsOf(string name, IList<SkillOptions> skills)
    {
        for (var i = 0; i < skills.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(skills[i].Id) || string.IsNullOrWhiteSpace(skills[i].Name))
            {
                yield return SettingFault.Name($"{Section}:{name}:{i}") +
                    $" has the Id '{skills[i].Id}' and the Name '{skills[i].Name}': set both.";
            }

            var skill = $"{name}:{i}";
            foreach (var fault in FaultsOf($"{skill}:InputModes", skills[i].InputModes)
                .Concat(FaultsOf($"{skill}:OutputModes", skills[i].OutputModes)))
                yield return fault;
        }
    }
}

/// <summary>A skill on the card.</summary>
public sealed class SkillOptions
{
    /// <summary>The skill's id.</summary>
    public string Id { get; set; } = "";

    /// <summary>The skill's display name.</summary>
    public string Name { get; set; } = "";

    /// <summary>What the skill does.</summary>
    public string Description { get; set; } = "";

    /// <summary>Keywords.</summary>
    public IList<string> Tags { get; } = [];

    /// <summary>Example requests.</summary>
    public IList<string> Examples { get; } = [];

    /// <summary>The media types that the skill reads in addition to the agent's.</summary>
    public IList<string> InputModes { get; } = [];

    /// <summary>The media types that the skill writes in addition to the agent's.</summary>
    public IList<string> OutputModes { get; } = [];

    /// <summary>
    /// The scopes that a caller's token needs for the skill, in its claim <c>scope</c> or <c>scp</c>. Default: none.
    /// </summary>
    public IList<string> RequiredScopes { get; } = [];
}

/// <summary>An extension of the protocol on the card.</summary>
public sealed class ExtensionOptions
{
    private static readonly JsonDocumentOptions ParamsFormat = new()
    {
        AllowDuplicateProperties = false,
        MaxDepth = ProtocolJson.MaxValueDepth
    };

    /// <summary>The extension's URI.</summary>
    public string Uri { get; set; } = "";

    /// <summary>How the agent uses it.</summary>
    public string? Description { get; set; }

    /// <summary>Whether requests from clients that do not activate the extension are rejected. Default: false.</summary>
    public bool Required { get; set; }

    /// <summary>
    /// The extension's parameters, a JSON object as text such as <c>{"key": "value"}</c>. They are on the card, and in
    /// <see cref="AgentContext.Extensions"/> of runs for which a client activated the extension.
    /// </summary>
    public string? Params { get; set; }

    /// <summary>The parameters as JSON; null if there are none, or if they are not a JSON object.</summary>
    internal JsonElement? ReadParams()
    {
        try
        {
            return !string.IsNullOrWhiteSpace(Params) && JsonElement.Parse(Params, ParamsFormat) is { ValueKind: JsonValueKind.Object } json
                ? json : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
