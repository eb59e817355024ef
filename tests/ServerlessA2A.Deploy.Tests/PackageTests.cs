using System.Text.Json;
using ServerlessA2A.Deploy.Tests.Support;
using ServerlessA2A.Functions.Tests.Support;

namespace ServerlessA2A.Deploy.Tests;

/// <summary>What a user gets: the packed packages, in a project outside this tree with its own <c>appsettings.json</c>.</summary>
public sealed class PackageTests(PackageFeed feed) : IClassFixture<PackageFeed>
{
    private const string Project =
        """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
            <Nullable>enable</Nullable>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="ServerlessA2A.AgentFramework" Version="*-*" />
            <PackageReference Include="ServerlessA2A.Client.AspNetCore" Version="*-*" />
            <PackageReference Include="ServerlessA2A.Client.Grpc" Version="*-*" />
            <PackageReference Include="ServerlessA2A.Functions" Version="*-*" />
          </ItemGroup>
        </Project>
        """;

    private const string Program =
        """
        using System.Runtime.CompilerServices;
        using Microsoft.Agents.AI;
        using Microsoft.AspNetCore.Builder;
        using Microsoft.Extensions.DependencyInjection;
        using ServerlessA2A.Agents;
        using ServerlessA2A.Client;
        using ServerlessA2A.Functions;

        // Packages that are not needed here are found all the same.
        _ = new A2AClientOptions { Binding = "GRPC" }.AddGrpc();
        _ = (typeof(A2AWebhookEndpointExtensions), typeof(AgentFrameworkServiceCollectionExtensions), typeof(AIAgent));

        var builder = A2AFunctions.CreateBuilder(args);
        builder.AddAgent<EchoAgent>();
        return await builder.Build().RunAsync();

        public sealed class EchoAgent : IAgent
        {
            public async IAsyncEnumerable<AgentUpdate> RunAsync(AgentContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
            {
                await Task.Yield();
                yield return AgentUpdate.Artifact("echo", context.Text);
            }
        }
        """;

    [Fact]
    public async Task AProjectOutsideTheTreeBuildsPublishesRunsAndIsTunedByThePackages()
    {
        var mine = feed.NewFolder("Mine");
        await File.WriteAllTextAsync(Path.Combine(mine, "Mine.csproj"), Project);
        await File.WriteAllTextAsync(Path.Combine(mine, "Program.cs"), Program);
        await File.WriteAllTextAsync(Path.Combine(mine, "appsettings.json"), """{"A2A":{"Agent":{"Name":"Mine","Description":"d","Version":"1"}}}""");
        await feed.RunAsync(mine, "build", "-c", PackageFeed.Configuration, "-nologo", "-v:q");

        var settings = await File.ReadAllTextAsync(
            Path.Combine(mine, "bin", PackageFeed.Configuration, "net10.0", "Mine.runtimeconfig.json"));
        var agent = Path.Combine(
            Repository.Root, "functions", "Agent", "bin", PackageFeed.Configuration, "net10.0", "Agent.runtimeconfig.json");
        Assert.Equal(Runtime(await File.ReadAllTextAsync(agent)), Runtime(settings));

        var published = Path.Combine(mine, "published");
        await feed.RunAsync(mine, "publish", "-c", PackageFeed.Configuration, "--no-build", "-o", published, "-nologo", "-v:q");
        Assert.Equal(settings, await File.ReadAllTextAsync(Path.Combine(published, "Mine.runtimeconfig.json")));
        Assert.Contains("\"Mine\"", await File.ReadAllTextAsync(Path.Combine(published, "appsettings.json")), StringComparison.Ordinal);

        Assert.Equal("Mine: Hello", await AskAsync(mine));
    }

    [Fact]
    public async Task TheToolRunsFromItsPackage()
    {
        var help = await feed.RunAsync(
            feed.NewFolder("Tool"), "tool", "exec", "ServerlessA2A.Tool", "--prerelease", "--yes", "--source", feed.Path, "--", "--help");

        Assert.Contains("a2a [command]", help, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("weather-bot", "weather-bot: You said: Hello")]
    // The name of a type in the template: the namespace must not hide it.
    [InlineData("Tools", null, "--model", "gemini-3.5-flash")]
    public async Task TheTemplateMakesAProgramWithTestsThatPass(string name, string? answer, params string[] options)
    {
        var folder = feed.NewFolder("from-template");
        await feed.RunAsync(folder, ["new", "a2a-agent", "-n", name, .. options]);

        var root = Path.Combine(folder, name);
        await feed.RunAsync(root, "test", "-c", PackageFeed.Configuration, "-nologo", "-v:q");

        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(Path.Combine(root, "deploy.sh")).HasFlag(UnixFileMode.UserExecute));
        // deploy.sh up --container builds with it.
        Assert.Equal(
            await File.ReadAllTextAsync(Path.Combine(Repository.Root, "Dockerfile")),
            await File.ReadAllTextAsync(Path.Combine(root, "Dockerfile")));
        // What a build on the machine left must not get into the image.
        Assert.Contains("**/obj/", await File.ReadAllLinesAsync(Path.Combine(root, ".dockerignore")));
        Assert.DoesNotContain("My-Agent", await File.ReadAllTextAsync(Path.Combine(root, "README.md")), StringComparison.Ordinal);
        Assert.Equal(
            options.Length > 0, (await File.ReadAllTextAsync(Path.Combine(root, "deploy.env")))
            .Contains("gemini-3.5-flash", StringComparison.Ordinal));
        // Here appsettings.json counts, deployed too.
        Assert.DoesNotContain("A2A__Agent__", await File.ReadAllTextAsync(Path.Combine(root, "deploy.env")), StringComparison.Ordinal);
        if (answer is not null)
            Assert.Equal(answer, await AskAsync(Path.Combine(root, "src", name)));
    }

    /// <summary>Runs a program as it was built: the name on its card, and its answer.</summary>
    private static async Task<string> AskAsync(string project)
    {
        await using var program = RunningProgram.Start(project, target: null);
        using var client = new HttpClient
        {
            BaseAddress = await program.AddressAsync(),
            DefaultRequestHeaders = { { "A2A-Version", "1.0" } }
        };
        using var card = JsonDocument.Parse(await client.GetStringAsync("/.well-known/agent-card.json"));
        using var message = new StringContent(
            """{"message":{"messageId":"m","role":"ROLE_USER","parts":[{"text":"Hello"}]}}""", System.Text.Encoding.UTF8, "application/json");
        using var response = await client.PostAsync("/message:send", message);
        using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        var text = answer.RootElement.GetProperty("task").GetProperty("artifacts")[0].GetProperty("parts")[0].GetProperty("text");
        return $"{card.RootElement.GetProperty("name")}: {text}";
    }

    private static string Runtime(string settings)
    {
        using var json = JsonDocument.Parse(settings);
        return json.RootElement.GetProperty("runtimeOptions").GetRawText();
    }
}
