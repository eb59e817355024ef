namespace ServerlessA2A.Functions.Tests.GooglePackages.Surface;

/// <summary>
/// The public API of Google's packages as google-packages-api.txt lists it: a line for each type, indented ones for its members.
/// </summary>
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

    /// <summary>The full names of the types that a simple name may mean: those that are neither generic nor nested.</summary>
    public IEnumerable<string> TypeNames()
    {
        var names = members.Keys.Select(header => header.Split(" : ")[0]).Where(header => !header.Contains('<', StringComparison.Ordinal))
            .Select(header => header.Split(' ')[^1]).ToHashSet();
        return names.Where(name => !names.Contains(name[..name.LastIndexOf('.')]));
    }

    /// <summary>What a type offers that the real package does not.</summary>
    public IEnumerable<string> MissingOf(Type type)
    {
        if (GeneratedMembers.IsReflectionOfAFile(type) || GeneratedMembers.IsGrpcClient(type))
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

    /// <summary>
    /// The overloads that a type leaves out although one that it offers can be called with as many arguments: a call that compiles without
    /// them may be ambiguous with them, or mean another one.
    /// </summary>
    public IEnumerable<string> OverloadsMissingOf(Type type)
    {
        var header = ApiLines.Header(type);
        if (type.IsEnum || !members.TryGetValue(header, out var known))
            return [];
        // An override offers nothing new; constructors are not inherited.
        var inherited = type.BaseType is { Namespace: not "System" } parent
            ? ApiLines.Members(parent).Where(line => !line.Contains("ctor(", StringComparison.Ordinal))
            : [];
        var offered = ApiLines.Members(type).Concat(inherited).ToHashSet();
        var calls = offered.Select(Overload.Parse).OfType<Overload>().ToList();
        return known.Where(line => !offered.Contains(line) && Overload.Parse(line) is { } other && calls.Any(other.MayBeCalledLike))
            .Select(line => $"{header}: {line}");
    }

    // A stand-in may leave the setter out.
    private static string Writable(string line) => line.Replace("{ get; }", "{ get; set; }", StringComparison.Ordinal);
}
