using System.Text.RegularExpressions;
using ServerlessA2A.Settings;

namespace ServerlessA2A.Chat.Mcp;

/// <summary>A server of the Model Context Protocol (MCP): a program, or an address (Streamable HTTP).</summary>
public sealed partial class McpServerOptions
{
    /// <summary>
    /// The server's name in logs and errors, and before the names of tools that two servers offer: at most 40 letters, digits, dashes and
    /// underscores.
    /// </summary>
    public string? Name { get; set; }

    /// <summary>The address of a server that is reached by HTTP, such as <c>https://mcp.example.com/mcp</c>.</summary>
    public string? Url { get; set; }

    /// <summary>Headers of every request to `Url`, such as <c>Authorization</c>; keep them in secrets. Default: none.</summary>
    public IDictionary<string, string> Headers { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Whether requests to `Url` carry the access token of the task's caller (<c>Authorization: Bearer</c>). The server is then connected
    /// for each run. Needs `A2A:Security:ForwardAccessToken` and an https address. Default: false.
    /// </summary>
    public bool ForwardAccessToken { get; set; }

    /// <summary>The program of a server that is started here and reached by its standard input and output.</summary>
    public string? Command { get; set; }

    /// <summary>The arguments of `Command`. Default: none.</summary>
    public IList<string> Arguments { get; } = [];

    /// <summary>
    /// Environment variables of `Command`, besides <c>PATH</c>, <c>HOME</c> and the like. It does not inherit the agent's variables, which
    /// may hold secrets. Default: none.
    /// </summary>
    public IDictionary<string, string> Environment { get; } = new Dictionary<string, string>();

    /// <summary>The server's tools that the model may call, by their names on the server. Default: all.</summary>
    public IList<string> Tools { get; } = [];

    /// <summary>How long one call may take, if less than the agent's `ToolTimeLimit`. Default: that.</summary>
    public TimeSpan? TimeLimit { get; set; }

    internal bool HasHttps =>
        Uri.TryCreate(Url, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.IsLoopback);

    internal IEnumerable<string> Validate(string section)
    {
        if (string.IsNullOrEmpty(Name))
            yield return SettingFault.NotSet($"{section}:Name", "set a name for the server.");
        else if (!Names().IsMatch(Name))
            yield return SettingFault.Of($"{section}:Name", Name, "set at most 40 letters, digits, dashes and underscores.");
        var (isHttp, isProgram) = (!string.IsNullOrWhiteSpace(Url), !string.IsNullOrWhiteSpace(Command));
        if (isHttp && isProgram)
            yield return SettingFault.Of($"{section}:Url", Url, $"set either it or {SettingFault.Name($"{section}:Command")}, not both.");
        else if (!isHttp && !isProgram)
            yield return SettingFault.NotSet($"{section}:Url", $"set it or {SettingFault.Name($"{section}:Command")}.");
        if (isHttp && !(Uri.TryCreate(Url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
            yield return SettingFault.Of($"{section}:Url", Url, "set an https address, such as https://mcp.example.com/mcp.");
        if (!isProgram && Arguments.Count > 0)
            yield return SettingFault.Of($"{section}:Arguments:0", Arguments[0], $"remove it, or set {section}:Command.");
        if (!isProgram && Environment.Count > 0)
            yield return $"{SettingFault.Name($"{section}:Environment:{Environment.Keys.First()}")} is set: " +
                $"remove it, or set {section}:Command.";
        if (isProgram && Headers.Count > 0)
            yield return $"{SettingFault.Name($"{section}:Headers:{Headers.Keys.First()}")} is set: " +
                $"remove it, since a program gets no headers; {section}:Environment reaches it.";
        foreach (var (name, _) in Headers.Where(header => !IsHeader(header.Key, header.Value)))
            yield return $"{SettingFault.Name($"{section}:Headers:{name}")} is not a header: " +
                "set a name of letters, digits and dashes, and a value of one line.";
        if (TimeLimit is { } limit && (limit <= TimeSpan.Zero || limit > TimeSpan.FromDays(1)))
            yield return SettingFault.Of($"{section}:TimeLimit", TimeLimit, "set a time above 0, up to a day.");
        if (!ForwardAccessToken)
            yield break;
        if (!HasHttps)
            yield return SettingFault.Of(
                $"{section}:ForwardAccessToken", true,
                $"set an https address in {section}:Url, since others could read the token, or false.");
        if (Headers.ContainsKey("Authorization"))
            yield return SettingFault.Of(
                $"{section}:ForwardAccessToken", true, $"set false, or remove {section}:Headers:Authorization, which it would replace.");
    }

    private static bool IsHeader(string name, string? value)
    {
        using var request = new HttpRequestMessage();
        return value?.AsSpan().ContainsAny('\r', '\n', '\0') == false && Tokens().IsMatch(name) &&
            request.Headers.TryAddWithoutValidation(name, value);
    }

    [GeneratedRegex(@"^[A-Za-z0-9_-]{1,40}\z")]
    private static partial Regex Names();

    [GeneratedRegex(@"^[A-Za-z0-9!#$%&'*+.^_`|~-]+\z")]
    private static partial Regex Tokens();
}
