using ServerlessA2A.Chat;
using ServerlessA2A.GoogleCloud;
using ServerlessA2A.PostgreSql;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.Functions.Tests.Architecture;

/// <summary>
/// Packages depend on each other in one direction: Agent, Functions, then GoogleCloud, PostgreSql and Chat, then the engine. GoogleCloud
/// also uses Chat, because Gemini is one of the models of the agent there. Only GoogleCloud and Functions know Google's packages.
/// </summary>
public class PackageDirectionTests
{
    [Theory]
    [InlineData(typeof(TaskOptions))]
    [InlineData(typeof(ChatAgentOptions), "ServerlessA2A")]
    [InlineData(typeof(PostgreSqlOptions), "ServerlessA2A")]
    [InlineData(typeof(GoogleCloudOptions), "ServerlessA2A", "ServerlessA2A.Chat")]
    [InlineData(typeof(A2AFunctions), "ServerlessA2A", "ServerlessA2A.Chat", "ServerlessA2A.GoogleCloud", "ServerlessA2A.PostgreSql")]
    public void APackageUsesOnlyThoseBelowIt(Type package, params string[] used) =>
        Assert.Equal(used, References(package, "ServerlessA2A"));

    [Theory]
    [InlineData(typeof(TaskOptions))]
    [InlineData(typeof(ChatAgentOptions))]
    [InlineData(typeof(PostgreSqlOptions))]
    public void APackageWithoutGoogleReferencesNothingOfGoogles(Type package) =>
        Assert.Empty(References(package, "Google").Concat(References(package, "Grpc")));

    private static IEnumerable<string> References(Type package, string prefix) => package.Assembly.GetReferencedAssemblies()
        .Select(reference => reference.Name!).Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
}
