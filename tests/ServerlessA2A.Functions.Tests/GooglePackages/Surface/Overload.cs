namespace ServerlessA2A.Functions.Tests.GooglePackages.Surface;

/// <summary>A method or a constructor, as far as a call can tell it from its overloads.</summary>
/// <param name="Name">The name that all of a set have.</param>
/// <param name="Least">How many arguments a call has at least.</param>
/// <param name="Most">How many it has at most.</param>
internal sealed record Overload(string Name, int Least, int Most)
{
    /// <summary>Reads a line of the list; null for what cannot be called.</summary>
    public static Overload? Parse(string line)
    {
        if (line.IndexOf('(', StringComparison.Ordinal) is not (> 0 and var begin))
            return null;
        var name = line[..begin].Split(' ')[^1].Split('<')[0];
        var parameters = Split(line[(begin + 1)..line.LastIndexOf(')')]);
        var required = parameters.Count(parameter => !parameter.EndsWith('?'));
        // An array at the end may be the one of params.
        return parameters is [.., var last] && last.EndsWith("[]", StringComparison.Ordinal)
            ? new(name, required - 1, int.MaxValue)
            : new(name, required, parameters.Count);
    }

    public bool MayBeCalledLike(Overload other) => Name == other.Name && Least <= other.Most && other.Least <= Most;

    // Commas between type arguments separate nothing.
    private static List<string> Split(string parameters)
    {
        var (split, depth, begin) = (new List<string>(), 0, 0);
        for (var i = 0; i <= parameters.Length; i++)
        {
            if (i == parameters.Length || (parameters[i] == ',' && depth == 0))
            {
                if (i > begin)
                    split.Add(parameters[begin..i].Trim());
                begin = i + 1;
                continue;
            }

            depth += parameters[i] switch { '<' => 1, '>' => -1, _ => 0 };
        }

        return split;
    }
}
