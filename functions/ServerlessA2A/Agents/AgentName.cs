namespace ServerlessA2A.Agents;

/// <summary>The name of an agent in paths and settings.</summary>
internal sealed record AgentName
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaxLength = 40;

    /// <summary>Names that are the first segment of other paths: of the bindings, and of the local host's inspector.</summary>
    private static readonly string[] Reserved = ["v1", "tasks", "card", "inspector"];

    /// <summary>A name.</summary>
    /// <exception cref="ArgumentException">It breaks the rule that the message names.</exception>
    public AgentName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length is 0 or > MaxLength || !name.All(each => char.IsAsciiLetterLower(each) || char.IsAsciiDigit(each) || each == '-') || Reserved.Contains(name))
        {
            throw new ArgumentException(
                $"'{name}' cannot be the name of an agent: use 1 to {MaxLength} lower-case letters, digits and dashes, and none of {string.Join(", ", Reserved)}, " +
                "which are other paths.", nameof(name));
        }

        Value = name;
    }

    /// <summary>The name.</summary>
    public string Value { get; }
}
