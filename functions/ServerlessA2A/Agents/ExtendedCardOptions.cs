namespace ServerlessA2A.Agents;

/// <summary>What the extended card adds to the public one (A2A 1.0, section 3.1.11): the section <c>A2A:Agent:Extended</c>.</summary>
public sealed class ExtendedCardOptions
{
    /// <summary>The agent's purpose, in place of the public card's. Default: the public card's.</summary>
    public string? Description { get; set; }

    /// <summary>The address of the documentation, in place of the public card's. Default: the public card's.</summary>
    public string? DocumentationUrl { get; set; }

    /// <summary>Skills in addition to the public card's.</summary>
    public IList<SkillOptions> Skills { get; } = [];

    /// <summary>Whether the extended card adds nothing to the public one.</summary>
    internal bool IsEmpty => string.IsNullOrEmpty(Description) && string.IsNullOrEmpty(DocumentationUrl) && Skills.Count == 0;
}
