using System.Reflection;
using Google.Cloud.Functions.Framework;
using Microsoft.Extensions.Configuration;

namespace Google.Cloud.Functions.Hosting;

/// <summary>Which class is the function.</summary>
internal static class FunctionTargets
{
    public static Type Find(IConfiguration configuration, Assembly assembly) =>
        Named(configuration, assembly) ?? Candidates(assembly) switch
        {
            [var only] => only,
            [] => throw new ArgumentException("No valid Cloud Function types found."),
            _ => throw new ArgumentException(
                $"Multiple Cloud Function types found. Please specify the function to run via the command line or the {EntryPoint.FunctionTargetEnvironmentVariable} environment variable."),
        };

    /// <summary>Null where it cannot be told yet, because a startup class may configure the target.</summary>
    public static Type? TryFind(IConfiguration configuration, Assembly assembly) =>
        Named(configuration, assembly) ?? (Candidates(assembly) is [var only] ? only : null);

    public static Type? DataTypeOf(Type functionType)
    {
        var dataTypes = functionType.GetInterfaces()
            .Where(implemented => implemented.IsGenericType && implemented.GetGenericTypeDefinition() == typeof(ICloudEventFunction<>))
            .Select(implemented => implemented.GetGenericArguments()[0])
            .ToArray();
        return dataTypes is [var only] ? only : null;
    }

    private static Type? Named(IConfiguration configuration, Assembly assembly) =>
        new FunctionsFrameworkOptions(configuration).FunctionTarget is { } name
            ? assembly.GetType(name) ?? throw new InvalidOperationException($"Can't load specified function type '{name}'")
            : null;

    private static Type[] Candidates(Assembly assembly) =>
        [.. assembly.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false, IsGenericType: false }
            && (type.IsAssignableTo(typeof(IHttpFunction)) || type.IsAssignableTo(typeof(ICloudEventFunction)) || DataTypeOf(type) is not null))];
}
