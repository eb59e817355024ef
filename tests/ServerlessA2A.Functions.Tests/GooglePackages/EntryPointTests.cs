using Google.Cloud.Functions.Framework;
using Google.Cloud.Functions.Hosting;
using Microsoft.Extensions.Configuration;
using ServerlessA2A.Functions.Tests.GooglePackages.Functions;

namespace ServerlessA2A.Functions.Tests.GooglePackages;

[Collection(nameof(WithTheProcessToItself))]
public class EntryPointTests
{
    [Fact]
    public async Task AServerStartsForTheNamedFunctionAndEndsWithZero()
    {
        var server = EntryPoint.StartAsync(GetType().Assembly, ["--target", typeof(StoppingFunction).FullName!, "--port", "0"]);
        if (await Task.WhenAny(server, StoppingFunction.Address) == server)
            await server;
        using var client = new HttpClient();

        Assert.Equal("Goodbye", await client.GetStringAsync(await StoppingFunction.Address));
        Assert.Equal(0, await server);
    }

    [Fact]
    public async Task WithSeveralFunctionsAndNoTargetItRefusesToStart()
    {
        var failure = await Assert.ThrowsAsync<ArgumentException>(() => EntryPoint.StartAsync(GetType().Assembly, []));

        Assert.Contains("Multiple Cloud Function types found", failure.Message, StringComparison.Ordinal);
        Assert.Contains(EntryPoint.FunctionTargetEnvironmentVariable, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithoutAnyFunctionItRefusesToStart()
    {
        var failure = await Assert.ThrowsAsync<ArgumentException>(() => EntryPoint.StartAsync(typeof(Assert).Assembly, []));

        Assert.Contains("No valid Cloud Function types found", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("No.Such.Function")]
    [InlineData("--target", "No.Such.Function")]
    public async Task ATargetThatDoesNotExistIsNamed(params string[] args)
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => EntryPoint.StartAsync(GetType().Assembly, args));

        Assert.Contains("'No.Such.Function'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ATargetThatIsNoFunctionIsNamed()
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(
            () => EntryPoint.StartAsync(GetType().Assembly, [typeof(Recorder).FullName!]));

        Assert.Contains($"'{typeof(Recorder).FullName}'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnInterfaceOfAFunctionIsNotFoundInAnotherAssembly()
    {
        // Assembly.GetType, not Type.GetType: a function lives in the assembly that is started.
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(
            () => EntryPoint.StartAsync(GetType().Assembly, [typeof(IHttpFunction).FullName!]));

        Assert.Contains("Can't load", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheCommandLineIsReadAfterTheEnvironment()
    {
        Environment.SetEnvironmentVariable(EntryPoint.PortEnvironmentVariable, "1234");
        try
        {
            var environment = new ConfigurationBuilder().AddFunctionsEnvironment();
            Assert.Equal("1234", environment.Build()["FunctionsFramework:Port"]);
            Assert.Equal("5678", environment.AddFunctionsCommandLine(["--port", "5678"]).Build()["FunctionsFramework:Port"]);
        }
        finally
        {
            Environment.SetEnvironmentVariable(EntryPoint.PortEnvironmentVariable, null);
        }
    }
}
