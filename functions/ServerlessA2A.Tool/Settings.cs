using System.CommandLine;
using ServerlessA2A.Client;
using ServerlessA2A.Client.Credentials;
using ServerlessA2A.Protocol;

namespace ServerlessA2A.Tool;

/// <summary>The options that all commands have.</summary>
internal static class Settings
{
    /// <summary>A day, in seconds.</summary>
    private const int LongestTimeout = 86_400;

    public static Option<bool> Json { get; } = new("--json") { Description = "Print A2A 1.0 JSON, one object per line.", Recursive = true };

    public static Option<string?> Binding { get; } = new("--binding")
    {
        Description = "JSONRPC, HTTP+JSON or GRPC. Default: the first one of the card.",
        Recursive = true,
    };

    public static Option<string?> Protocol { get; } = new("--protocol")
    {
        Description = "1.0 or 0.3. Default: the newest one of the card.",
        Recursive = true,
    };

    public static Option<string?> Bearer { get; } = new("--bearer")
    {
        Description = "A bearer token. Default: the variable A2A_BEARER_TOKEN, which other users of the machine do not see.",
        Recursive = true,
    };

    public static Option<string?> ApiKey { get; } = new("--api-key")
    {
        Description = "An API key, sent where the card says. Default: the variable A2A_API_KEY.",
        Recursive = true,
    };

    public static Option<bool> GoogleIdToken { get; } = new("--google-id-token")
    {
        Description = "Authenticate with an ID token of the machine's service account (Google Cloud).",
        Recursive = true,
    };

    public static Option<string[]> Extension { get; } = new("--extension")
    {
        Description = "The URI of an extension that requests name.",
        Recursive = true,
    };

    public static Option<int> Timeout { get; } = new("--timeout")
    {
        Description = "Seconds that an attempt of a call may take.",
        DefaultValueFactory = _ => 100,
        Recursive = true,
    };

    public static IEnumerable<Option> All => [Json, Binding, Protocol, Bearer, ApiKey, GoogleIdToken, Extension, Timeout];

    static Settings()
    {
        Protocol.AcceptOnlyFromAmong("1.0", "0.3");
        Binding.AcceptOnlyFromAmong(StringComparer.OrdinalIgnoreCase, "JSONRPC", "HTTP+JSON", "GRPC");
        Timeout.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && (!int.TryParse(result.Tokens[0].Value, out var seconds) || seconds is < 1 or > LongestTimeout))
                result.AddError($"--timeout must be a number of seconds, from 1 to {LongestTimeout}.");
        });
    }

    public static A2AClientOptions Read(ParseResult arguments)
    {
        var options = new A2AClientOptions
        {
            Binding = arguments.GetValue(Binding)?.ToUpperInvariant(),
            Version = arguments.GetValue(Protocol) switch
            {
                "1.0" => ProtocolVersion.V1_0,
                "0.3" => ProtocolVersion.V0_3,
                _ => null,
            },
            Timeout = TimeSpan.FromSeconds(arguments.GetValue(Timeout)),
        }.AddGrpc();
        foreach (var extension in arguments.GetValue(Extension) ?? []) options.Extensions.Add(extension);
        if (NonEmpty(arguments.GetValue(ApiKey) ?? Environment.GetEnvironmentVariable("A2A_API_KEY")) is { } key)
            options.Credentials.Add(AgentCredential.ApiKey(key, "X-API-Key"));
        if (NonEmpty(arguments.GetValue(Bearer) ?? Environment.GetEnvironmentVariable("A2A_BEARER_TOKEN")) is { } token)
            options.Credentials.Add(AgentCredential.Bearer(token));
        if (arguments.GetValue(GoogleIdToken)) options.Credentials.Add(AgentCredential.GoogleIdToken());
        return options;
    }

    /// <summary>Without the end of the line that a file may have given it.</summary>
    private static string? NonEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
