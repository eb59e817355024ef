using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Bindings;
using ServerlessA2A.Security;
using ServerlessA2A.Security.Limits;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.Tests.Bindings.Harness;

/// <summary>
/// Values that are constants for users and that tests set: internal members of the options, by the names that they would have as settings.
/// </summary>
public static class TestConstants
{
    public static IServiceCollection SetConstants(this IServiceCollection services, IConfiguration configuration) => services
        .PostConfigure<TaskOptions>(options => Set(options, configuration.GetSection("A2A:Tasks")))
        .PostConfigure<BindingOptions>(options => Set(options, configuration.GetSection("A2A:Http")))
        .PostConfigure<LimitOptions>(options => Set(options, configuration.GetSection("A2A:Limits")))
        .PostConfigure<SecurityOptions>(
            options => Set(options.GoogleAccessToken, configuration.GetSection("A2A:Security:GoogleAccessToken")));

    /// <summary>Sets the internal members that the section has.</summary>
    public static void Set<TOptions>(TOptions options, IConfigurationSection section)
    {
        foreach (var property in typeof(TOptions).GetProperties(BindingFlags.Instance | BindingFlags.NonPublic))
        {
            if (section.GetSection(property.Name) is { Value: not null } setting)
                property.SetValue(options, setting.Get(property.PropertyType));
        }
    }
}
