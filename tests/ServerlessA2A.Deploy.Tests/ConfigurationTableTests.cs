using System.Collections;
using System.Globalization;
using ServerlessA2A.Agents;
using ServerlessA2A.Bindings;
using ServerlessA2A.Chat;
using ServerlessA2A.Chat.Mcp;
using ServerlessA2A.Deploy.Tests.Support;
using ServerlessA2A.Functions.Tests.Support;
using ServerlessA2A.GoogleCloud;
using ServerlessA2A.GoogleCloud.Gemini;
using ServerlessA2A.InMemory;
using ServerlessA2A.PostgreSql;
using ServerlessA2A.Security;
using ServerlessA2A.Security.Limits;
using ServerlessA2A.Tasks;
using ServerlessA2A.Webhooks;

namespace ServerlessA2A.Deploy.Tests;

/// <summary>Holds the table of <c>docs/configuration.md</c> against the code.</summary>
public sealed class ConfigurationTableTests
{
    /// <summary>All options, by their section. Whoever adds some adds them here, and to the table.</summary>
    private static readonly (string Section, Type Options)[] Sections =
    [
        ("A2A:Agent", typeof(AgentCardOptions)),
        ("A2A:Tasks", typeof(TaskOptions)),
        ("A2A:Http", typeof(BindingOptions)),
        ("A2A:Webhooks", typeof(WebhookOptions)),
        ("A2A:Security", typeof(SecurityOptions)),
        ("A2A:Limits", typeof(LimitOptions)),
        ("A2A:InMemory", typeof(InMemoryOptions)),
        ("A2A:GoogleCloud", typeof(GoogleCloudOptions)),
        ("A2A:PostgreSql", typeof(PostgreSqlOptions)),
        ("A2A:Gemini", typeof(GeminiOptions)),
        ("A2A:Chat", typeof(ChatAgentOptions)),
        ("A2A:Mcp", typeof(McpOptions)),
    ];

    private const string Telemetry = "A2A:Telemetry:Endpoint";
    private const string Inspector = "A2A:Inspector";

    /// <summary>Settings that are read without options.</summary>
    private static readonly Setting[] Others =
    [
        new("A2A:Tasks:Store", "",
        "Where tasks are kept: `InMemory`, `GoogleCloud` or `PostgreSql` ([how to choose](storage.md)). Default: PostgreSQL if " +
            "`A2A:PostgreSql:ConnectionString` is set; Google Cloud if an emulator, `A2A:GoogleCloud:ProjectId` or " +
            "`K_SERVICE` is; otherwise in memory, " +
            "which Cloud Run rejects."),
        new(Telemetry, "",
        "The address of the OTLP receiver that [traces and metrics](telemetry.md) are exported to, such as `http://localhost:4318` or " +
            "`https://telemetry.googleapis.com`. Default: `OTEL_EXPORTER_OTLP_ENDPOINT`; without either nothing is collected."),
        new(
            Inspector, "false",
            "Whether a deployed MessageFunction serves the [inspector](inspector.md) at `/inspector`, to callers that authenticate as " +
            "for the agent. The local host always serves it, to this machine only."),
    ];

    /// <summary>
    /// The settings of an agent that has a name: in the table they are one line, since they are those of the section <c>A2A:Agent</c>.
    /// </summary>
    private const string NamedAgents = "A2A:Agents:NAME";

    /// <summary>The settings of a chat agent that has a name, likewise.</summary>
    private const string NamedChats = NamedAgents + ":Chat";

    /// <summary>
    /// The skills of the extended card: in the table they are one line, since they are skills like those of the public card.
    /// </summary>
    private const string ExtendedSkills = "A2A:Agent:Extended:Skills:0:";

    /// <summary>The settings of a conversation, which Gemini has too: in the table they are one line there.</summary>
    private static readonly HashSet<string> GeminiChats =
        [.. Settings("A2A:Gemini", typeof(ChatAgentOptions)).Select(setting => setting.Name)];

    private static readonly string Page = Path.Combine(Repository.Root, "docs", "configuration.md");

    /// <summary>
    /// The table is written from the options' doc comments: <c>APPROVE_SETTINGS=1 dotnet test --filter ConfigurationTable</c>.
    /// </summary>
    [Fact]
    public async Task TheTableHasEverySettingWithItsVariableDefaultAndDocComment()
    {
        var settings = Sections.SelectMany(each => Settings(each.Section, each.Options)).Concat(Others).ToList();
        var rows = settings
            .Where(setting => !setting.Name.StartsWith(ExtendedSkills, StringComparison.Ordinal) && !GeminiChats.Contains(setting.Name))
            .Append(new Setting("A2A:Gemini:…", "", "The settings of `A2A:Chat`, for `AddGemini`."))
            .Append(new Setting(ExtendedSkills + "…", "", "The members of a skill, as in `A2A:Agent:Skills`."))
            .Append(new Setting(
                $"{NamedAgents}:…", "",
                "The settings of `A2A:Agent`, for [an agent with a name](agents.md). Default: as for `A2A:Agent`, except `Name` " +
                "(the agent's name), `PushNotifications`, `CallbackUrl` and `GrpcUrl` (those of `A2A:Agent`), and `PublicUrl` and " +
                "`CardUrl` (those of `A2A:Agent`, followed by the agent's name)."))
            .Append(new Setting(
                $"{NamedChats}:…", "",
                "The settings of `A2A:Chat`, for [a chat agent with a name](agents.md). Default: those of `A2A:Chat`."))
            .OrderBy(setting => setting.Name is Telemetry or Inspector
                ? Sections.Length
                : Array.FindIndex(Sections, each => setting.Name.StartsWith(each.Section + ":", StringComparison.Ordinal)))
            .Select(setting =>
                $"| `{setting.Name}` | `{setting.Variable}` | {(setting.Default.Length == 0 ? "" : $"`{setting.Default}` ")}| " +
                $"{setting.Summary} |");
        var expected = string.Join('\n', rows);
        var page = await File.ReadAllTextAsync(Page);
        var start = page.IndexOf("| `A2A:", StringComparison.Ordinal);
        var end = page.IndexOf("\n\n", start, StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("APPROVE_SETTINGS") == "1")
            await File.WriteAllTextAsync(Page, page[..start] + expected + page[end..]);
        else
            Assert.Equal(expected, page[start..end]);
        Assert.All(settings, setting => Assert.False(string.IsNullOrEmpty(setting.Summary), $"{setting.Name} has no doc comment."));
    }

    /// <summary>
    /// What <c>deploy.sh</c> knows names by, without .NET. <c>APPROVE_SETTINGS=1 dotnet test --filter ConfigurationTable</c> writes it.
    /// </summary>
    [Fact]
    public async Task TheScriptKnowsTheNameOfEverySettingAndNoOther()
    {
        var file = Path.Combine(Repository.Root, "deploy", "settings.txt");
        var names = Sections.Append((Section: NamedAgents, Options: typeof(AgentCardOptions)))
            .Append((Section: NamedChats, Options: typeof(ChatAgentOptions))).SelectMany(each => Settings(each.Section, each.Options))
            .Concat(Others)
            .Select(setting => setting.Variable).Order(StringComparer.Ordinal);
        var expected = string.Join('\n', names) + "\n";
        if (Environment.GetEnvironmentVariable("APPROVE_SETTINGS") == "1")
            await File.WriteAllTextAsync(file, expected);
        Assert.Equal(expected, await File.ReadAllTextAsync(file));
    }

    [Fact]
    public void EveryClassOfOptionsIsInTheTable()
    {
        var all = new[] { typeof(TaskOptions).Assembly, typeof(ChatAgentOptions).Assembly, typeof(GoogleCloudOptions).Assembly,
            typeof(PostgreSqlOptions).Assembly, typeof(ServerlessA2A.Functions.Startup).Assembly }
            .SelectMany(assembly => assembly.GetExportedTypes())
                .Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal) && type.GetMethod("Validate") is not null);
        Assert.Equal(all.Select(type => type.Name).Order(), Sections.Select(each => each.Options.Name).Order());
    }

    private sealed record Setting(string Name, string Default, string Summary)
    {
        public string Variable => Name.Replace(":", "__", StringComparison.Ordinal);
    }

    private static IEnumerable<Setting> Settings(string section, Type type)
    {
        var defaults = Activator.CreateInstance(type)!;
        foreach (var property in type.GetProperties())
        {
            var (name, value, summary) = ($"{section}:{property.Name}", property.GetValue(defaults), DocComments.SummaryOf(property));
            var element = property.PropertyType.IsGenericType ? property.PropertyType.GetGenericArguments()[^1] : null;
            if (value is IDictionary)
                yield return new Setting(name + ":NAME", "", summary);
            else if (value is IEnumerable and not string && IsPlain(element!))
                yield return new Setting(name + ":0", "", summary);
            else if (value is IEnumerable and not string)
                foreach (var setting in Settings(name + ":0", element!))
                    yield return setting;
            else if (!IsPlain(property.PropertyType))
                foreach (var setting in Settings(name, property.PropertyType))
                    yield return setting;
            else
                yield return new Setting(name, Write(value), summary);
        }
    }

    private static bool IsPlain(Type type) => Nullable.GetUnderlyingType(type) is not null || type.IsValueType || type == typeof(string);

    private static string Write(object? value) => value switch
    {
        null => "",
        bool flag => flag ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
