namespace ServerlessA2A.Agents;

/// <summary>The name of an agent in paths and settings.</summary>
internal sealed record AgentName
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaxLength = 40;

    /// <summary>Names that are the first segment of other paths: those of the bindings and of the local host's inspector.</summary>
    private static readonly string[] Reserved = ["v1", "tasks", "card", "callback", "inspector"];

    /// <summary>Creates a name.</summary>
    /// <exception cref="ArgumentException">The name is invalid; the message states the rule.</exception>
    public AgentName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length is 0 or > MaxLength || Reserved.Contains(name) ||
            !name.All(each => char.IsAsciiLetterLower(each) || char.IsAsciiDigit(each) || each == '-'))
        {
            throw new ArgumentException(
                $"'{name}' is not a valid agent name: use 1 to {MaxLength} lower-case letters, digits and dashes, " +
                $"but not {string.Join(", ", Reserved)}, which are reserved paths.", nameof(name));
        }

        Value = name;
    }

    /// <summary>The name.</summary>
    public string Value { get; }
}
