using Google.Cloud.Functions.Hosting;
using Google.Cloud.Functions.Testing;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Functions.Tests.GooglePackages.Functions;

namespace ServerlessA2A.Functions.Tests.GooglePackages;

[FunctionsStartup(typeof(OfTheTest))]
public class StartupTests
{
    [Fact]
    public async Task StartupClassesOfAFunctionRunByOrderAndThenByName()
    {
        using var server = new FunctionTestServer<StartupOrder>();

        Assert.Equal("First, A, B, Third; Third; FABT", await GetAsync(server));
    }

    [Fact]
    public void TheirOrderIsThatOfTheirAttributes() =>
        Assert.Equal(
            [typeof(StartupOrder.First), typeof(StartupOrder.A), typeof(StartupOrder.B), typeof(StartupOrder.Third)],
            FunctionsStartupAttribute.GetStartupTypes(typeof(StartupOrder).Assembly, typeof(StartupOrder)));

    [Fact]
    public async Task StartupClassesOfATestReplaceTheFunctionsOwn()
    {
        using var server = new FunctionTestServer(typeof(StartupOrder), GetType());

        Assert.Equal("of the test; ; ", await GetAsync(server));
    }

    [Fact]
    public async Task WithoutStartupClassesOfItsOwnATestLeavesTheFunctionsAlone()
    {
        using var server = FunctionTestServerBuilder.Create<StartupOrder>().MaybeUseFunctionsStartupsFromAttributes(typeof(EchoFunction))
            .Build();

        Assert.StartsWith("First, ", await GetAsync(server), StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartupClassesMayBeGivenToTheServer()
    {
        using var server = FunctionTestServerBuilder.Create<StartupOrder>()
            .UseFunctionsStartups(new StartupOrder.Third())
            .UseFunctionsStartups(new StartupOrder.B(), new StartupOrder.A())
            .Build();

        Assert.Equal("B, A; A; BA", await GetAsync(server));
    }

    private static async Task<string> GetAsync(FunctionTestServer server)
    {
        using var client = server.CreateClient();
        return await client.GetStringAsync(new Uri("/", UriKind.Relative));
    }

    public sealed class OfTheTest : FunctionsStartup
    {
        public override void ConfigureServices(WebHostBuilderContext context, IServiceCollection services) =>
            services.AddSingleton(new StartupOrder.Step("of the test"));
    }
}
