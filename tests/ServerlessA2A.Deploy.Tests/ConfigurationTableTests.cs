using System.Collections;
using System.Globalization;
using ServerlessA2A.Agents;
using ServerlessA2A.Bindings;
using ServerlessA2A.Functions.Tests.Support;
using ServerlessA2A.GoogleCloud;
using ServerlessA2A.GoogleCloud.Gemini;
using ServerlessA2A.PostgreSql;
using ServerlessA2A.Security;
using ServerlessA2A.Security.Limits;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.InMemory;
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
        ("A2A:Notifications", typeof(NotificationOptions)),
        ("A2A:Security", typeof(SecurityOptions)),
        ("A2A:Limits", typeof(LimitOptions)),
        ("A2A:InMemory", typeof(InMemoryOptions)),
        ("A2A:GoogleCloud", typeof(GoogleCloudOptions)),
        ("A2A:PostgreSql", typeof(PostgreSqlOptions)),
        ("A2A:Gemini", typeof(GeminiOptions)),
    ];

    /// <summary>What is read without options.</summary>
    private static readonly Setting[] Others = [new("A2A:Tasks:Store", "")];

    /// <summary>The settings of an agent that has a name: in the table they are one line, since they are those of the section <c>A2A:Agent</c>.</summary>
    private const string NamedAgents = "A2A:Agents:NAME";

    [Fact]
    public async Task The_table_has_every_setting_with_its_default_and_its_variable_and_no_other()
    {
        var expected = Sections.SelectMany(each => Settings(each.Section, each.Options)).Concat(Others).Append(new Setting($"{NamedAgents}:…", ""))
            .Select(setting => $"| `{setting.Name}` | `{setting.Name.Replace(":", "__", StringComparison.Ordinal)}` | {(setting.Default.Length == 0 ? "" : $"`{setting.Default}`")} |");
        var actual = (await File.ReadAllLinesAsync(Path.Combine(Repository.Root, "docs", "configuration.md")))
            .Where(line => line.StartsWith("| `A2A:", StringComparison.Ordinal)).Select(line => string.Join('|', line.Split('|')[..4]) + "|");
        Assert.Equal(string.Join('\n', expected.Order(StringComparer.Ordinal)).Replace("|  |", "| |", StringComparison.Ordinal), string.Join('\n', actual.Order(StringComparer.Ordinal)));
    }

    /// <summary>What <c>deploy.sh</c> knows names by, without .NET. <c>APPROVE_SETTINGS=1 dotnet test --filter ConfigurationTable</c> writes it.</summary>
    [Fact]
    public async Task The_script_has_the_name_of_every_setting_and_no_other()
    {
        var file = Path.Combine(Repository.Root, "deploy", "settings.txt");
        var names = Sections.Append((Section: NamedAgents, Options: typeof(AgentCardOptions))).SelectMany(each => Settings(each.Section, each.Options)).Concat(Others)
            .Select(setting => setting.Name.Replace(":", "__", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        var expected = string.Join('\n', names) + "\n";
        if (Environment.GetEnvironmentVariable("APPROVE_SETTINGS") == "1")
            await File.WriteAllTextAsync(file, expected);
        Assert.Equal(expected, await File.ReadAllTextAsync(file));
    }

    [Fact]
    public void Every_class_of_options_is_in_the_table()
    {
        var all = new[] { typeof(TaskOptions).Assembly, typeof(GoogleCloudOptions).Assembly, typeof(PostgreSqlOptions).Assembly, typeof(ServerlessA2A.Functions.Startup).Assembly }
            .SelectMany(assembly => assembly.GetExportedTypes()).Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal) && type.GetMethod("Validate") is not null);
        Assert.Equal(all.Select(type => type.Name).Order(), Sections.Select(each => each.Options.Name).Order());
    }

    private sealed record Setting(string Name, string Default);

    private static IEnumerable<Setting> Settings(string section, Type type)
    {
        var defaults = Activator.CreateInstance(type)!;
        foreach (var property in type.GetProperties())
        {
            var (name, value) = ($"{section}:{property.Name}", property.GetValue(defaults));
            var element = property.PropertyType.IsGenericType ? property.PropertyType.GetGenericArguments()[^1] : null;
            if (value is IDictionary)
                yield return new Setting(name + ":NAME", "");
            else if (value is IEnumerable and not string && IsPlain(element!))
                yield return new Setting(name + ":0", "");
            else if (value is IEnumerable and not string)
                foreach (var setting in Settings(name + ":0", element!))
                    yield return setting;
            else if (!IsPlain(property.PropertyType))
                foreach (var setting in Settings(name, property.PropertyType))
                    yield return setting;
            else
                yield return new Setting(name, Write(value));
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
