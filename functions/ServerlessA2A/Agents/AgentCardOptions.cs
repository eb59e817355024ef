using System.Text.Json;
using ServerlessA2A.Protocol;

namespace ServerlessA2A.Agents;

/// <summary>
/// What an agent's card says: the section <c>A2A:Agent</c> for the default agent, <c>A2A:Agents:{name}</c> for one with a name. Lists that are not set have the default that is named.
/// </summary>
public sealed class AgentCardOptions
{
    /// <summary>The agent's name. "ServerlessA2A" unless set.</summary>
    public string Name { get; set; } = "ServerlessA2A";

    /// <summary>What the agent is for.</summary>
    public string Description { get; set; } = "An A2A agent on Cloud Run functions.";

    /// <summary>The agent's own version. "1.0.0" unless set.</summary>
    public string Version { get; set; } = "1.0.0";

    /// <summary>The address of MessageFunction, as clients reach it, without a query. Unless set, each request's own address.</summary>
    public string? PublicUrl { get; set; }

    /// <summary>
    /// The address of the card, to which MessageFunction redirects all but web pages. Unless set, MessageFunction serves the card itself.
    /// </summary>
    public string? CardUrl { get; set; }

    /// <summary>Where the agent is documented.</summary>
    public string? DocumentationUrl { get; set; }

    /// <summary>Where the agent's icon is.</summary>
    public string? IconUrl { get; set; }

    /// <summary>Who offers the agent: set both members or none.</summary>
    public string? ProviderOrganization { get; set; }

    /// <summary>The provider's site.</summary>
    public string? ProviderUrl { get; set; }

    /// <summary>Whether streams are offered. On unless set.</summary>
    public bool Streaming { get; set; } = true;

    /// <summary>Whether webhooks are offered. Off unless set.</summary>
    public bool PushNotifications { get; set; }

    /// <summary>
    /// Whether the agent may answer with a message instead of a task (<see cref="ReplyUpdate"/>). Streams then start with the first
    /// event that tells more than that the agent works. Default: false; <c>AddAgent&lt;TAgent&gt;(replies: true)</c> sets it.
    /// </summary>
    public bool Replies { get; set; }

    /// <summary>Whether the card declares a further one for authenticated callers, which says what <see cref="Extended"/> does too. Off unless set.</summary>
    public bool ExtendedCard { get; set; }

    /// <summary>What only authenticated callers get to know.</summary>
    public ExtendedCardOptions Extended { get; } = new();

    /// <summary>
    /// The media types that the agent reads; <c>image/*</c>, <c>*/*</c>, and the older <c>text</c>, <c>json</c>, <c>image</c>, <c>audio</c>,
    /// <c>video</c> and <c>file</c> are understood. text/plain and application/json unless set.
    /// </summary>
    public IList<string> InputModes { get; } = [];

    /// <summary>The media types that the agent writes, spelled as in <see cref="InputModes"/>. text/plain unless set.</summary>
    public IList<string> OutputModes { get; } = [];

    /// <summary>What the agent can do. One skill made of the agent's name and description unless set.</summary>
    public IList<SkillOptions> Skills { get; } = [];

    /// <summary>The extensions of the protocol that the agent speaks.</summary>
    public IList<ExtensionOptions> Extensions { get; } = [];

    /// <summary>The section of the configuration that the settings come from.</summary>
    internal string Section { get; set; } = "A2A:Agent";

    /// <summary>The faults of settings that another section has set and reports.</summary>
    internal IReadOnlyList<string> InheritedFaults { get; set; } = [];

    private string Variable => Section.Replace(":", "__", StringComparison.Ordinal);

    /// <summary>What is wrong with the settings: each message names the setting, the value found and what to do.</summary>
    public IEnumerable<string> Validate()
    {
        if (string.IsNullOrWhiteSpace(Name))
            yield return $"{Section}:Name ({Variable}__Name) is '{Name}': give the agent a name.";
        foreach (var (name, value) in new[] { (nameof(PublicUrl), PublicUrl), (nameof(CardUrl), CardUrl) })
        {
            if (FaultOfAddress(name, value) is { } fault)
                yield return fault;
        }

        if (string.IsNullOrEmpty(ProviderOrganization) != string.IsNullOrEmpty(ProviderUrl))
        {
            yield return $"{Section}:ProviderOrganization ({Variable}__ProviderOrganization) is '{ProviderOrganization}' and " +
                $"{Section}:ProviderUrl ({Variable}__ProviderUrl) is '{ProviderUrl}': set both or none.";
        }

        foreach (var fault in FaultsOf("InputModes", InputModes).Concat(FaultsOf("OutputModes", OutputModes)))
            yield return fault;
        foreach (var fault in FaultsOf("Skills", Skills).Concat(FaultsOf("Extended:Skills", Extended.Skills)))
            yield return fault;
        if (!ExtendedCard && !Extended.IsEmpty)
        {
            yield return $"{Section}:ExtendedCard ({Variable}__ExtendedCard) is '{ExtendedCard}', and {Section}:Extended ({Variable}__Extended) says what nobody would " +
                "get to know: set it to true, or remove the section.";
        }

        var publicIds = Skills.Select(skill => skill.Id).DefaultIfEmpty(AgentCards.DefaultSkillId).ToHashSet();
        for (var i = 0; i < Extended.Skills.Count; i++)
        {
            if (publicIds.Contains(Extended.Skills[i].Id))
            {
                yield return $"{Section}:Extended:Skills:{i}:Id ({Variable}__Extended__Skills__{i}__Id) is '{Extended.Skills[i].Id}', as that of a public skill is: " +
                    "set another one; public skills are on the extended card by themselves.";
            }
        }

        for (var i = 0; i < Extensions.Count; i++)
        {
            if (!Uri.TryCreate(Extensions[i].Uri, UriKind.Absolute, out _))
                yield return $"{Section}:Extensions:{i}:Uri ({Variable}__Extensions__{i}__Uri) is '{Extensions[i].Uri}': set an absolute URI.";
            if (!string.IsNullOrWhiteSpace(Extensions[i].Params) && Extensions[i].ReadParams() is null)
                yield return $"{Section}:Extensions:{i}:Params ({Variable}__Extensions__{i}__Params) is '{Extensions[i].Params}': set a JSON object such as {{\"key\": \"value\"}}.";
        }
    }

    /// <summary>Clients append paths to the agent's address, and a query to the card's.</summary>
    internal string? FaultOfAddress(string name, string? value)
    {
        if (string.IsNullOrEmpty(value))
            return null;
        var setting = $"{Section}:{name} ({Variable}__{name})";
        if (!Uri.TryCreate(value, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || value.Any(char.IsWhiteSpace))
            return $"{setting} is '{value}': set an absolute http or https address, or nothing.";
        if (uri.UserInfo.Length > 0)
            return $"{setting} holds a user name or a password, which everybody would read: set an address without.";
        return value.Contains('#') || (name == nameof(PublicUrl) && value.Contains('?'))
            ? $"{setting} is '{value}': set an address without a query and a fragment, since clients append to it."
            : null;
    }

    private IEnumerable<string> FaultsOf(string name, IList<string> modes)
    {
        for (var i = 0; i < modes.Count; i++)
        {
            if (!MediaTypes.IsValid(modes[i]))
            {
                var variable = $"{Variable}__{name.Replace(":", "__", StringComparison.Ordinal)}__{i}";
                yield return $"{Section}:{name}:{i} ({variable}) is '{modes[i]}': " +
                    "set a media type such as text/plain or image/*, or one of text, json, image, audio, video and file.";
            }
        }
    }

    private IEnumerable<string> FaultsOf(string name, IList<SkillOptions> skills)
    {
        for (var i = 0; i < skills.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(skills[i].Id) || string.IsNullOrWhiteSpace(skills[i].Name))
            {
                yield return $"{Section}:{name}:{i} ({Variable}__{name.Replace(":", "__", StringComparison.Ordinal)}__{i}) has the Id '{skills[i].Id}' and the Name " +
                    $"'{skills[i].Name}': a skill needs both.";
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

    /// <summary>A name for people.</summary>
    public string Name { get; set; } = "";

    /// <summary>What the skill does.</summary>
    public string Description { get; set; } = "";

    /// <summary>Key words.</summary>
    public IList<string> Tags { get; } = [];

    /// <summary>Examples of what may be asked.</summary>
    public IList<string> Examples { get; } = [];

    /// <summary>Media types that the skill reads beyond the agent's.</summary>
    public IList<string> InputModes { get; } = [];

    /// <summary>Media types that the skill writes beyond the agent's.</summary>
    public IList<string> OutputModes { get; } = [];
}

/// <summary>An extension of the protocol on the card.</summary>
public sealed class ExtensionOptions
{
    private static readonly JsonDocumentOptions ParamsFormat = new() { AllowDuplicateProperties = false, MaxDepth = ProtocolJson.MaxValueDepth };

    /// <summary>The extension's URI.</summary>
    public string Uri { get; set; } = "";

    /// <summary>How the agent uses it.</summary>
    public string? Description { get; set; }

    /// <summary>Whether a client that does not name it is refused.</summary>
    public bool Required { get; set; }

    /// <summary>The extension's own parameters, a JSON object as text: the card shows it, and runs that a client activated the extension for get it.</summary>
    public string? Params { get; set; }

    /// <summary>The parameters as JSON; null where there are none, or where they are no JSON object.</summary>
    internal JsonElement? ReadParams()
    {
        try
        {
            return !string.IsNullOrWhiteSpace(Params) && JsonElement.Parse(Params, ParamsFormat) is { ValueKind: JsonValueKind.Object } json ? json : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
