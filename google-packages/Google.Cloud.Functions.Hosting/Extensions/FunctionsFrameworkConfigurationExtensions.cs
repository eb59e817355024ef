using Google.Cloud.Functions.Hosting;

namespace Microsoft.Extensions.Configuration;

public static class FunctionsFrameworkConfigurationExtensions
{
    private static readonly Dictionary<string, string> Switches = new()
    {
        ["--target"] = FunctionsFrameworkOptions.Section + nameof(FunctionsFrameworkOptions.FunctionTarget),
        ["--port"] = FunctionsFrameworkOptions.Section + nameof(FunctionsFrameworkOptions.Port),
    };

    public static IConfigurationBuilder AddFunctionsEnvironment(this IConfigurationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new FunctionsEnvironmentSource());
    }

    /// <summary>A single argument is the target.</summary>
    public static IConfigurationBuilder AddFunctionsCommandLine(this IConfigurationBuilder builder, string[] args) =>
        args switch
        {
            null or [] => builder,
            ["%LAUNCHER_ARGS%"] => throw new InvalidOperationException("Unable to launch Web SDK project with launch settings."),
            [var target] => builder.AddCommandLine(["--target", target], Switches),
            _ => builder.AddCommandLine(args, Switches),
        };
}
