namespace ServerlessA2A.Functions.Tests.GooglePackages.Surface;

/// <summary>The public API of Google's packages as google-packages-api.txt lists it: a line for each type, indented ones for its members.</summary>
internal sealed class ApiText
{
    private readonly Dictionary<string, HashSet<string>> members = [];

    private ApiText(IEnumerable<string> lines)
    {
        HashSet<string> current = [];
        foreach (var line in lines.Where(line => line.Length > 0 && line[0] != '#'))
        {
            if (line.StartsWith("  ", StringComparison.Ordinal))
                current.Add(line[2..]);
            else if (!members.TryGetValue(line, out current!))
                members[line] = current = [];
        }
    }

    public static ApiText Read(Func<string, string>? change = null)
    {
        using var stream = typeof(ApiText).Assembly.GetManifestResourceStream("google-packages-api.txt")!;
        using var reader = new StreamReader(stream);
        var text = reader.ReadToEnd().ReplaceLineEndings("\n");
        return new((change?.Invoke(text) ?? text).Split('\n'));
    }

    /// <summary>What a type offers that the real package does not.</summary>
    public IEnumerable<string> MissingOf(Type type)
    {
        if (GeneratedMembers.IsReflectionOfAFile(type))
            return [];
        var header = ApiLines.Header(type);
        if (!members.TryGetValue(header, out var known))
            return [header];
        var offered = type.IsEnum ? Enum.GetNames(type) : ApiLines.Members(type);
        var existing = type.IsEnum ? [.. known.SelectMany(line => line.Split(", "))] : known;
        return offered
            .Where(line => !existing.Contains(line) && !existing.Contains(Writable(line)) && !GeneratedMembers.Includes(type, line))
            .Select(line => $"{header}: {line}");
    }

    // A stand-in may leave the setter out.
    private static string Writable(string line) => line.Replace("{ get; }", "{ get; set; }", StringComparison.Ordinal);
}
