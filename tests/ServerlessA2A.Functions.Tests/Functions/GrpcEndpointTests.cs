using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace ServerlessA2A.Functions.Tests.Functions;

public class GrpcEndpointTests
{
    [Fact]
    public async Task ItsHealthIsThatOfTheEngine()
    {
        var builder = WebApplication.CreateSlimBuilder();
        GrpcEndpoint.Add(builder, _ => true);

        await using var services = builder.Services.BuildServiceProvider();

        var checks = services.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations;
        Assert.Contains(checks, check => check.Name == "a2a-store");
    }

    [Theory]
    [InlineData("A2A:Agent:GrpcUrl", "a.example.com:443", true)]
    [InlineData("A2A:Agents:weather:GrpcUrl", "a.example.com:443", true)]
    [InlineData("A2A:Agents:weather:GrpcUrl", "", false)]
    public void ItIsServedWhereACardListsIt(string setting, string value, bool isServed)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new(setting, value)]).Build();

        Assert.Equal(isServed, GrpcEndpoint.IsIn(configuration));
    }
}
