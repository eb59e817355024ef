namespace ServerlessA2A.Protocol.Messages;

/// <summary>The names of the roles in JSON: those of a2a.proto.</summary>
/// <remarks>A2A 1.0, section 5.5.</remarks>
internal static class RoleNames
{
    public static string ToName(Role role) => role switch
    {
        Role.User => "ROLE_USER",
        Role.Agent => "ROLE_AGENT",
        _ => "ROLE_UNSPECIFIED",
    };

    /// <summary>Reads a role's name or its number; false for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Role role)
    {
        (role, var known) = text switch
        {
            "ROLE_UNSPECIFIED" or "0" => (Role.Unspecified, true),
            "ROLE_USER" or "1" => (Role.User, true),
            "ROLE_AGENT" or "2" => (Role.Agent, true),
            _ => (Role.Unspecified, false),
        };
        return known;
    }
}
