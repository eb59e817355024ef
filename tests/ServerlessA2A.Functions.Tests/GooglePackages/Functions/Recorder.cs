using CloudNative.CloudEvents;
using Google.Cloud.Functions.Hosting;
using Google.Cloud.Functions.Testing;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace ServerlessA2A.Functions.Tests.GooglePackages.Functions;

/// <summary>What the functions of these tests were given.</summary>
public sealed class Recorder : FunctionsStartup
{
    public List<CloudEvent> Events { get; } = [];

    public List<Order> Orders { get; } = [];

    public FunctionTestServer Serve<TFunction>() => FunctionTestServerBuilder.Create<TFunction>().UseFunctionsStartups(this).Build();

    public override void ConfigureServices(WebHostBuilderContext context, IServiceCollection services) => services.AddSingleton(this);
}
