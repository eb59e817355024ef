namespace ServerlessA2A.Security;

/// <summary>
/// The list of allowed callers: names, e-mail addresses, and <c>*@</c> with a domain. An entry may start with the authority that must
/// vouch for the caller, followed by one space.
/// </summary>
internal static class AllowedCallers
{
    private const string AnyOf = "*@";
    private const string ApiKey = "api-key";

    /// <summary>
    /// Whether a caller is allowed; an empty list allows every caller. Names match letter by letter, e-mail addresses regardless of case,
    /// and <c>*@</c> by the domain of the e-mail address. An entry with <c>@</c> never matches a name, because a name may look like an
    /// address that nobody has verified.
    /// </summary>
    public static bool Include(IList<string> allowed, Identity caller) =>
        allowed.Count == 0 || allowed.Any(entry => IsMeant(entry, caller));

    /// <summary>Checks an entry. Returns what to do about it, or null if it is valid.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="authorities">All authorities that can vouch for a caller; empty if callers are anonymous.</param>
    public static string? FaultOf(string entry, IReadOnlyList<string> authorities)
    {
        var (authority, name) = Split(entry);
        if (string.IsNullOrWhiteSpace(name) || name[0] == ' ')
            return "set a caller's name or e-mail address, optionally preceded by an authority and one space.";
        // Any other pattern would silently match nobody: it would be taken for a name.
        if (name.LastIndexOf('*') > 0 || (name[0] == '*' && !IsDomain(name)))
            return "set a pattern as *@ and a whole domain, such as *@example.com.";
        if (authority is not null && authorities.Count > 0 && !authorities.Contains(authority))
            return $"'{authority}' is not a configured authority: " +
                $"the text before the space must be one of {string.Join(", ", authorities)}.";
        if (IsAddress(name))
        {
            return authority == ApiKey || authorities is [ApiKey]
                ? "an API key has no e-mail address: give the key a name without @ and set that name."
                : null;
        }

        return authority is not null || authorities.Count < 2 ? null
            : $"several authorities could vouch for that name: put one of them in front ({string.Join(", ", authorities)}), " +
              $"as in '{authorities[0]} {name}', or use the e-mail address.";
    }

    private static bool IsMeant(string entry, Identity caller)
    {
        var (authority, name) = Split(entry);
        if (authority is not null && authority != caller.Authority)
            return false;
        return IsDomain(name) ? IsOf(name.AsSpan(AnyOf.Length), caller.Email)
            : IsAddress(name) ? string.Equals(name, caller.Email, StringComparison.OrdinalIgnoreCase)
            : name == caller.Name;
    }

    /// <summary>Splits an entry at its first space: authorities contain no spaces, names may.</summary>
    private static (string? Authority, string Name) Split(string entry) =>
        entry.IndexOf(' ', StringComparison.Ordinal) is >= 0 and var space ? (entry[..space], entry[(space + 1)..]) : (null, entry);

    private static bool IsOf(ReadOnlySpan<char> domain, string? email) =>
        email is not null && email.AsSpan(email.LastIndexOf('@') + 1).Equals(domain, StringComparison.OrdinalIgnoreCase);

    private static bool IsDomain(string name) => name.StartsWith(AnyOf, StringComparison.Ordinal) && name.Length > AnyOf.Length;

    private static bool IsAddress(string name) => name.Contains('@', StringComparison.Ordinal);
}
