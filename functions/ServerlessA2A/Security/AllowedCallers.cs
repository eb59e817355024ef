namespace ServerlessA2A.Security;

/// <summary>
/// The list of those who are let in: names, e-mail addresses, and <c>*@</c> with a domain; each perhaps with the authority in front that has to vouch for it, and one
/// space between.
/// </summary>
internal static class AllowedCallers
{
    private const string AnyOf = "*@";
    private const string ApiKey = "api-key";

    /// <summary>
    /// Whether a caller is on the list; on an empty one are all. By name letter for letter, by e-mail address whatever its case, and by <c>*@</c> and the
    /// domain of the e-mail address. What holds an <c>@</c> is no name: a name may look like an address that nobody has verified.
    /// </summary>
    public static bool Include(IList<string> allowed, Identity caller) => allowed.Count == 0 || allowed.Any(entry => IsMeant(entry, caller));

    /// <summary>What is wrong with an entry: what to do about it, or null.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="authorities">All that can vouch for a caller; none where callers are anonymous.</param>
    public static string? FaultOf(string entry, IReadOnlyList<string> authorities)
    {
        var (authority, name) = Split(entry);
        if (string.IsNullOrWhiteSpace(name) || name[0] == ' ')
            return "set a caller's name or e-mail address, with one space before it where an authority stands in front.";
        // A pattern of another kind would be a name that nobody has, without a word.
        if (name.LastIndexOf('*') > 0 || (name[0] == '*' && !IsDomain(name)))
            return "a pattern is *@ and a whole domain, such as *@example.com.";
        if (authority is not null && authorities.Count > 0 && !authorities.Contains(authority))
            return $"nobody here vouches as '{authority}': what stands before a space has to be one of {string.Join(", ", authorities)}.";
        if (IsAddress(name))
            return authority == ApiKey || authorities is [ApiKey] ? "an API key has no e-mail address: give it a name without @, and set that." : null;
        return authority is not null || authorities.Count < 2 ? null
            : $"several could vouch for that name: put the one that is meant in front ({string.Join(", ", authorities)}), " +
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

    /// <summary>No authority has a space in it; names may.</summary>
    private static (string? Authority, string Name) Split(string entry) =>
        entry.IndexOf(' ', StringComparison.Ordinal) is >= 0 and var space ? (entry[..space], entry[(space + 1)..]) : (null, entry);

    private static bool IsOf(ReadOnlySpan<char> domain, string? email) =>
        email is not null && email.AsSpan(email.LastIndexOf('@') + 1).Equals(domain, StringComparison.OrdinalIgnoreCase);

    private static bool IsDomain(string name) => name.StartsWith(AnyOf, StringComparison.Ordinal) && name.Length > AnyOf.Length;

    private static bool IsAddress(string name) => name.Contains('@', StringComparison.Ordinal);
}
