using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ServerlessA2A.Functions.Tests.Functions;

/// <summary>A worker in the process would run tasks beside the functions.</summary>
public class RejectedWorkerTests
{
    public static TheoryData<string, Action<IServiceCollection>> Ways { get; } = new()
    {
        { "AddInMemoryQueue", services => services.AddInMemoryQueue() },
        { "AddInMemoryTasks", services => services.AddInMemoryTasks(new ConfigurationBuilder().Build()) },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public void AProgramOfFunctionsRejectsIt(string call, Action<IServiceCollection> add)
    {
        var program = A2AFunctions.CreateBuilder(["--urls", "http://127.0.0.1:0", "--A2A:Tasks:Store", "InMemory"]);
        add(program.Services);

        var fault = Assert.Throws<StartFaultException>(() => Local.LocalHost.Build(program));

        Assert.Contains(call, fault.Message, StringComparison.Ordinal);
        Assert.Contains("remove the call", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void ADeployedFunctionRejectsItWhateverStartsIt(string call, Action<IServiceCollection> add) =>
        Assert.Contains(
            call, Assert.Throws<StartFaultException>(() =>
            Start(add, ("K_SERVICE", "message"), ("A2A:GoogleCloud:ProjectId", "p"))).Message, StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Ways))]
    public void ATestServerMayHaveIt(string call, Action<IServiceCollection> add) =>
        Assert.True(Start(add, ("A2A:Tasks:Store", "InMemory")).Count > 0, call);

    private static ServiceCollection Start(Action<IServiceCollection> add, params (string Name, string Value)[] settings)
    {
        var services = new ServiceCollection();
        add(services);
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value))).Build();
        new Startup().ConfigureServices(new WebHostBuilderContext { Configuration = configuration }, services);
        return services;
    }
}
