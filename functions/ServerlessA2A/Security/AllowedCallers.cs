namespace ServerlessA2A.Security;

/// <summary>The list of those who are let in.</summary>
internal static class AllowedCallers
{
    private const string AnyOf = "*@";

    /// <summary>
    /// Whether a caller is on the list; on an empty one are all. By name letter for letter, by e-mail address whatever its case, and by <c>*@</c> and the
    /// domain of the e-mail address only: a name may look like an address that nobody has verified.
    /// </summary>
    public static bool Include(IList<string> allowed, Identity caller) => allowed.Count == 0 || allowed.Any(entry => IsMeant(entry, caller));

    /// <summary>What is wrong with an entry: what to do about it, or null.</summary>
    public static string? FaultOf(string entry)
    {
        if (string.IsNullOrWhiteSpace(entry))
            return "set a caller's name or e-mail address.";
        // A pattern of another kind would be a name that nobody has, without a word.
        return entry.LastIndexOf('*') > 0 || (entry[0] == '*' && !IsDomain(entry)) ? "a pattern is *@ and a whole domain, such as *@example.com." : null;
    }

    private static bool IsMeant(string entry, Identity caller) =>
        IsDomain(entry)
            ? caller.Email is { } email && email.AsSpan(email.LastIndexOf('@') + 1).Equals(entry.AsSpan(AnyOf.Length), StringComparison.OrdinalIgnoreCase)
            : entry == caller.Name || string.Equals(entry, caller.Email, StringComparison.OrdinalIgnoreCase);

    private static bool IsDomain(string entry) => entry.StartsWith(AnyOf, StringComparison.Ordinal) && entry.Length > AnyOf.Length;
}
