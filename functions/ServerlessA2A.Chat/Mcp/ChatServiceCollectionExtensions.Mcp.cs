using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ServerlessA2A.Chat;
using ServerlessA2A.Chat.Mcp;
using ServerlessA2A.Security;
using ServerlessA2A.Settings;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers MCP servers.</summary>
public static partial class ChatServiceCollectionExtensions
{
    /// <summary>
    /// Adds an MCP server whose tools the chat agents may call, besides the servers of the section <c>A2A:Mcp</c>, which need no call. It
    /// is connected by the first run. While it cannot be reached, the agents work with their other tools.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets a name, and an address or a program.</param>
    public static IServiceCollection AddMcpTools(this IServiceCollection services, Action<McpServerOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return services.AddMcpSettings().Configure<McpOptions>(options =>
        {
            var server = new McpServerOptions();
            configure(server);
            options.Servers.Add(server);
        });
    }

    /// <summary>Adds the servers of the settings.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The program's configuration. Default: that of the services.</param>
    internal static IServiceCollection AddMcpSettings(this IServiceCollection services, IConfiguration? configuration = null)
    {
        if (services.Any(service => service.ServiceType == typeof(McpTools)))
            return services;
        services.AddSettings<McpOptions>(options => options.Validate()).Validate<IOptions<SecurityOptions>>(
            (options, security) => security.Value.ForwardAccessToken || !options.Servers.Any(server => server.ForwardAccessToken),
            $"{McpOptions.Section}:Servers has a server with ForwardAccessToken, but " +
            $"{SettingFault.Name("A2A:Security:ForwardAccessToken")} is not true: agents get no access token. Set it to true.");
        services.AddSingleton(provider => new McpSettings(configuration ?? provider.GetRequiredService<IConfiguration>()));
        services.AddSingleton<IConfigureOptions<McpOptions>>(provider => provider.GetRequiredService<McpSettings>());
        services.AddSingleton<IValidateOptions<McpOptions>>(provider => provider.GetRequiredService<McpSettings>());
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new McpTools(
            provider.GetRequiredService<IOptions<McpOptions>>().Value.Servers,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ChatAgent>>()));
        return services;
    }
}
