namespace ServerlessA2A.Agents;

/// <summary>What the extended card says beyond the public one (A2A 1.0, section 3.1.11): the section <c>A2A:Agent:Extended</c>.</summary>
public sealed class ExtendedCardOptions
{
    /// <summary>What the agent is for, in place of the public card's words; the same unless set.</summary>
    public string? Description { get; set; }

    /// <summary>Where the agent is documented, in place of the public card's address; the same unless set.</summary>
    public string? DocumentationUrl { get; set; }

    /// <summary>What the agent can do besides what the public card says.</summary>
    public IList<SkillOptions> Skills { get; } = [];

    /// <summary>Whether there is nothing that the public card does not say.</summary>
    internal bool IsEmpty => string.IsNullOrEmpty(Description) && string.IsNullOrEmpty(DocumentationUrl) && Skills.Count == 0;
}
