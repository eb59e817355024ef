using Microsoft.Extensions.Configuration;

namespace Google.Cloud.Functions.Hosting;

/// <summary>The environment variables a function's container is started with, as settings.</summary>
internal sealed class FunctionsEnvironmentSource : IConfigurationSource
{
    public IConfigurationProvider Build(IConfigurationBuilder builder) => new Provider();

    private sealed class Provider : ConfigurationProvider
    {
        public override void Load()
        {
            Put(nameof(FunctionsFrameworkOptions.FunctionTarget), Environment.GetEnvironmentVariable(EntryPoint.FunctionTargetEnvironmentVariable));
            Put(nameof(FunctionsFrameworkOptions.Port), Environment.GetEnvironmentVariable(EntryPoint.PortEnvironmentVariable));
            var inContainer = "true".Equals(Environment.GetEnvironmentVariable("DOTNET_RUNNING_IN_CONTAINER"), StringComparison.OrdinalIgnoreCase);
            Put(nameof(FunctionsFrameworkOptions.Address), inContainer ? "Any" : "Loopback");
            Put(nameof(FunctionsFrameworkOptions.JsonLogging), string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable("K_SERVICE")) ? "False" : "True");
        }

        private void Put(string setting, string? value)
        {
            if (!string.IsNullOrWhiteSpace(value))
                Data[FunctionsFrameworkOptions.Section + setting] = value;
        }
    }
}
