using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Chat;
using ServerlessA2A.Client;
using ServerlessA2A.GoogleCloud;
using ServerlessA2A.PostgreSql;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.Functions.Tests.Architecture;

/// <summary>
/// Packages depend on each other in one direction: Agent, Functions, then GoogleCloud, PostgreSql, Grpc and Chat, then the engine and the
/// client, then Protocol. GoogleCloud also uses Chat, because Gemini is one of the models of the agent there; Chat uses the client,
/// because other agents are tools. Only GoogleCloud and Functions know Google's packages.
/// </summary>
public class PackageDirectionTests
{
    [Theory]
    [InlineData(typeof(A2ATask))]
    [InlineData(typeof(TaskOptions), "ServerlessA2A.Protocol")]
    [InlineData(typeof(A2AClient), "ServerlessA2A.Protocol")]
    [InlineData(typeof(ChatAgentOptions), "ServerlessA2A", "ServerlessA2A.Client", "ServerlessA2A.Protocol")]
    [InlineData(typeof(PostgreSqlOptions), "ServerlessA2A", "ServerlessA2A.Protocol")]
    [InlineData(typeof(GoogleCloudOptions), "ServerlessA2A", "ServerlessA2A.Chat", "ServerlessA2A.Protocol")]
    [InlineData(typeof(A2AGrpcServiceCollectionExtensions), "ServerlessA2A", "ServerlessA2A.Protocol")]
    [InlineData(typeof(A2AFunctions), "ServerlessA2A", "ServerlessA2A.Chat", "ServerlessA2A.GoogleCloud", "ServerlessA2A.Grpc",
        "ServerlessA2A.PostgreSql", "ServerlessA2A.Protocol")]
    public void APackageUsesOnlyThoseBelowIt(Type package, params string[] used) =>
        Assert.Equal(used, References(package, "ServerlessA2A"));

    [Theory]
    [InlineData(typeof(TaskOptions))]
    [InlineData(typeof(ChatAgentOptions))]
    [InlineData(typeof(PostgreSqlOptions))]
    public void APackageWithoutGoogleReferencesNothingOfGoogles(Type package) =>
        Assert.Empty(References(package, "Google").Concat(References(package, "Grpc")));

    [Fact]
    public void TheProtocolNeedsNothingButDotNet() => Assert.All(
        typeof(A2ATask).Assembly.GetReferencedAssemblies(), used => Assert.StartsWith("System.", used.Name, StringComparison.Ordinal));

    [Fact]
    public void TheClientNeedsNoWebServer() => Assert.Empty(References(typeof(A2AClient), "Microsoft.AspNetCore"));

    private static IEnumerable<string> References(Type package, string prefix) => package.Assembly.GetReferencedAssemblies()
        .Select(reference => reference.Name!).Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
}
