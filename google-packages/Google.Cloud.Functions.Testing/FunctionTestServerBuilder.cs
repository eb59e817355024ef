using Google.Cloud.Functions.Hosting;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Google.Cloud.Functions.Testing;

public class FunctionTestServerBuilder
{
    private IEnumerable<FunctionsStartup>? startups;
    private bool consoleLogging;

    private FunctionTestServerBuilder(Type functionTarget) => FunctionTarget = functionTarget;

    public Type FunctionTarget { get; }

    public static FunctionTestServerBuilder Create<TFunction>() => Create(typeof(TFunction));

    public static FunctionTestServerBuilder Create(Type targetFunction)
    {
        ArgumentNullException.ThrowIfNull(targetFunction);
        return new(targetFunction);
    }

    /// <summary>Instead of the startup classes that the function's attributes name; null brings those back.</summary>
    public FunctionTestServerBuilder UseFunctionsStartups(IEnumerable<FunctionsStartup>? startups)
    {
        this.startups = startups;
        return this;
    }

    public FunctionTestServerBuilder UseFunctionsStartups(params FunctionsStartup[] startups) =>
        UseFunctionsStartups((IEnumerable<FunctionsStartup>)startups);

    /// <summary>As <see cref="UseFunctionsStartups(IEnumerable{FunctionsStartup})"/> with what the attributes of a type and its assembly name, if they name any.</summary>
    public FunctionTestServerBuilder MaybeUseFunctionsStartupsFromAttributes(Type? startupAttributeSource)
    {
        if (startupAttributeSource is null)
            return this;
        var types = FunctionsStartupAttribute.GetStartupTypes(startupAttributeSource.Assembly, startupAttributeSource).ToArray();
        return types is [] ? this : UseFunctionsStartups([.. types.Select(type => (FunctionsStartup)Activator.CreateInstance(type)!)]);
    }

    public FunctionTestServerBuilder UseFunctionsFrameworkConsoleLogging(bool enabled)
    {
        consoleLogging = enabled;
        return this;
    }

    public FunctionTestServer Build() => new(BuildHost(), FunctionTarget);

    internal IHost BuildHost()
    {
        var logs = new MemoryLoggerProvider();
        return Host.CreateDefaultBuilder()
            .ConfigureWebHostDefaults(web =>
            {
                web.UseTestServer()
                    .ConfigureLogging(logging => logging.ClearProviders().AddProvider(logs))
                    .ConfigureServices(services => services.AddSingleton(logs).AddFunctionTarget(FunctionTarget));
                if (startups is null)
                    web.UseFunctionsStartups(FunctionTarget.Assembly, FunctionTarget);
                foreach (var startup in startups ?? [])
                    web.UseFunctionsStartup(startup);
                if (consoleLogging)
                    web.ConfigureLogging((context, logging) => logging.AddFunctionsConsoleLogging(context));
                web.Configure((context, app) => app.UseFunctionsFramework(context));
            })
            .Start();
    }
}
