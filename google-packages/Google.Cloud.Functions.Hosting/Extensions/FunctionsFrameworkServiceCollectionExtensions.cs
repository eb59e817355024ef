using System.Reflection;
using CloudNative.CloudEvents;
using CloudNative.CloudEvents.SystemTextJson;
using Google.Cloud.Functions.Framework;
using Google.Cloud.Functions.Hosting;
using Microsoft.AspNetCore.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

public static class FunctionsFrameworkServiceCollectionExtensions
{
    /// <summary>Registers the configured function of the assembly, or its only one.</summary>
    public static IServiceCollection AddFunctionTarget(this IServiceCollection services, WebHostBuilderContext context, Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(context);
        return services.AddFunctionTarget(FunctionTargets.Find(context.Configuration, assembly));
    }

    public static IServiceCollection AddFunctionTarget<TFunction>(this IServiceCollection services) =>
        services.AddFunctionTarget(typeof(TFunction));

    public static IServiceCollection AddFunctionTarget(this IServiceCollection services, Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        services.AddSingleton(new FunctionTarget(type));
        if (type.IsAssignableTo(typeof(IHttpFunction)))
            return services.AddScoped(typeof(IHttpFunction), type);
        if (type.IsAssignableTo(typeof(ICloudEventFunction)))
        {
            return services
                .AddScoped<IHttpFunction, CloudEventAdapter>()
                .AddScoped(typeof(ICloudEventFunction), type)
                .AddSingleton<CloudEventFormatter>(new JsonEventFormatter());
        }
        if (FunctionTargets.DataTypeOf(type) is not { } dataType)
            throw new InvalidOperationException($"Function type '{type.FullName}' doesn't support any known function interfaces.");
        if (CloudEventFormatterAttribute.CreateFormatter(dataType) is { } formatter)
            services.AddSingleton(formatter);
        return services
            .AddScoped(typeof(IHttpFunction), typeof(CloudEventAdapter<>).MakeGenericType(dataType))
            .AddScoped(typeof(ICloudEventFunction<>).MakeGenericType(dataType), type);
    }
}
