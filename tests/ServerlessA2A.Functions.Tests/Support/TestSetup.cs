using Google.Cloud.Functions.Hosting;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ServerlessA2A.Tests.Bindings.Harness;

namespace ServerlessA2A.Functions.Tests.Support;

/// <summary>
/// What a test adds to a function before its own startup: settings, services that win over its own, and an ear for errors. Tasks are in
/// memory, wherever the environment says that emulators are, unless the settings say otherwise.
/// </summary>
/// <param name="settings">Settings by name, <c>A2A:Agent:Name</c>. They win over files and the environment.</param>
public sealed class TestSetup(params (string Name, string Value)[] settings) : FunctionsStartup
{
    /// <summary>Adds services.</summary>
    public Action<IServiceCollection> Services { get; init; } = _ => { };

    internal ErrorLog Errors { get; } = new();

    public override void ConfigureAppConfiguration(WebHostBuilderContext context, IConfigurationBuilder configuration) =>
        configuration.AddInMemoryCollection(
            settings.Prepend((Name: "A2A:Tasks:Store", Value: "InMemory"))
            .Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value))
                .GroupBy(setting => setting.Key).Select(settings => settings.Last()));

    public override void ConfigureLogging(WebHostBuilderContext context, ILoggingBuilder logging) => logging.AddProvider(Errors);

    public override void ConfigureServices(WebHostBuilderContext context, IServiceCollection services) =>
        Services(services.SetConstants(context.Configuration));
}
